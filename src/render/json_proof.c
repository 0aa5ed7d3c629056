/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_proof.h"

#include "base/fact.h"

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *json_rung(const struct via_rung *rung)
{
	json_t *object = json_object(), *evidence = json_object();

	via_for_each (item, &rung->evidence)
		json_object_set_new(evidence, item->name, json_string(item->value));
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
	return object;
}

json_t *json_proof(const struct via_proof *proof)
{
	json_t *object = json_object(), *rungs = json_array();

	via_for_each (rung, &proof->rungs)
		json_array_append_new(rungs, json_rung(rung));
	json_object_set_new(object, "schema", json_string("viaduct.prove/1"));
	json_object_set_new(object, "target", json_string(proof->target));
	json_object_set_new(object, "rungs", rungs);
	json_object_set_new(object, "highest", text_or_null(proof->highest));
	return object;
}
