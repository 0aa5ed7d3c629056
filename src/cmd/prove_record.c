/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/prove_record.h"

#include <errno.h>
#include <stdio.h>

#include "apply/results.h"
#include "base/cleanup.h"
#include "prove/occasion.h"
#include "render/json_proof.h"

static void complain(const struct via_error *error)
{
	fprintf(stderr, "viaduct: %s: %s: %s%s%s%s\n", error->what, error->where, error->why,
		*error->hint ? " (" : "", error->hint, *error->hint ? ")" : "");
}

static void compare(const struct via_session *session, const char *kind, struct via_proof *proof)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_proof_ struct via_proof earlier = { 0 };
	const char *path, *text;
	struct via_error error;
	json_t *object;
	int r;

	if (results_latest(&session->world->root, arena, kind, &path, &text) < 0)
		return;
	object = json_loads(text, 0, NULL);
	r = object ? proof_from_json(object, path, &earlier, &error)
		   : error_set(&error, -EBADMSG, "cannot compare with", path, "it is no JSON");
	json_decref(object);
	if (r < 0)
		complain(&error);
	else
		proof_compare(proof, &earlier);
}

void prove_record(const struct via_session *session, struct via_proof *proof, bool keep)
{
	const struct via_root *root = &session->world->root;
	const char *kind = arena_printf(proof->arena, "prove/%s", proof->target);
	_cleanup_free_ char *text = NULL;
	struct via_error error;
	json_t *object;

	occasion_look(root, proof->arena, &proof->host);
	compare(session, kind, proof);
	if (!keep)
		return;
	object = json_proof(proof);
	text = json_dumps(object, JSON_INDENT(2));
	json_decref(object);
	if (text && results_save(root, kind, proof->host.time, text, &error) < 0)
		complain(&error);
}
