/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_proof.h"

#include <errno.h>
#include <string.h>

#include "base/fact.h"
#include "render/json.h"
#include "render/json_occasion.h"

#define SCHEMA "viaduct.prove/1"

static json_t *json_rung(const struct via_rung *rung)
{
	json_t *object = json_object(), *evidence = json_object();

	via_for_each (item, &rung->evidence)
		json_object_set_new(evidence, item->name, json_optional(item->value));
	json_object_set_new(object, "rung", json_string(rung->rung));
	json_object_set_new(object, "verdict", json_string(verdict_name(rung->verdict)));
	json_object_set_new(object, "evidence", evidence);
	json_object_set_new(object, "errno",
			    rung->error ? json_string(errno_name(rung->error)) : json_null());
	/* microseconds are as fine as the clock is worth */
	json_object_set_new(object, "ms",
			    json_real((double)(long long)(rung->ms * 1e3 + 0.5) / 1e3));
	if (rung->interface)
		json_object_set_new(object, "interface", json_string(rung->interface));
	if (rung->round)
		json_object_set_new(object, "round", json_integer(rung->round));
	if (rung->hint)
		json_object_set_new(object, "hint", json_string(rung->hint));
	if (rung->was_known)
		json_object_set_new(object, "earlier", json_string(verdict_name(rung->was)));
	return object;
}

json_t *json_proof(const struct via_proof *proof)
{
	json_t *object = json_object(), *rungs = json_array();

	via_for_each (rung, &proof->rungs)
		json_array_append_new(rungs, json_rung(rung));
	json_object_set_new(object, "schema", json_string(SCHEMA));
	json_object_set_new(object, "target", json_optional(proof->target));
	json_object_set_new(object, "rungs", rungs);
	json_object_set_new(object, "highest", json_optional(proof->highest));
	if (!proof->host.time)
		return object;
	json_object_set_new(object, "time", json_optional(proof->host.time));
	json_object_set_new(object, "host", json_occasion(&proof->host));
	json_object_set_new(object, "identity", json_optional(proof->identity));
	json_object_set_new(object, "earlier", json_optional(proof->earlier));
	return object;
}

static const char *copy(struct via_arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? arena_strdup(arena, text) : NULL;
}

static void take_rung(struct via_proof *proof, const json_t *object)
{
	const char *name = copy(proof->arena, object, "rung");
	const char *verdict = json_string_value(json_object_get(object, "verdict"));

	for (enum via_verdict i = 0; name && verdict && i < VIA_VERDICTS; i++) {
		if (strcmp(verdict, verdict_name(i)) != 0)
			continue;
		*via_list_add(proof->arena, &proof->rungs) = (struct via_rung){
			.rung = name,
			.verdict = i,
			.interface = copy(proof->arena, object, "interface"),
		};
	}
}

int proof_from_json(const json_t *object, const char *where, struct via_proof *ret,
		    struct via_error *error)
{
	const char *schema = json_string_value(json_object_get(object, "schema"));
	const char *target = json_string_value(json_object_get(object, "target"));
	json_t *rung;
	size_t i;

	if (!schema || strcmp(schema, SCHEMA) != 0 || !target)
		return error_set(error, -EBADMSG, "cannot compare with", where,
				 "it is no result of 'viaduct --json prove'");
	proof_init(ret, target);
	occasion_from_json(object, ret->arena, &ret->host);
	ret->identity = copy(ret->arena, object, "identity");
	json_array_foreach (json_object_get(object, "rungs"), i, rung)
		take_rung(ret, rung);
	return 0;
}
