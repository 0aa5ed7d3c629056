/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/planning.h"

#include <errno.h>
#include <string.h>

#include "cmd/user_file.h"
#include "plan/declared.h"
#include "plan/goal.h"

enum { DECLARATION_LIMIT = 1 << 20 };

int planning_declaration(struct via_arena *arena, const char *file, struct via_declaration **ret,
			 struct via_error *error)
{
	struct via_span text;
	int r = user_file_read(arena, "declaration", file, DECLARATION_LIMIT, &text, error);

	return r < 0 ? r : declaration_read(arena, text, file, ret, error);
}

/* A serial number stands in configuration space, which is else left alone. */
static bool names_serials(const struct via_declaration *declaration)
{
	for (uint32_t i = 0; i < declaration->passthrough_count; i++)
		if (declaration->passthrough[i].which.serial)
			return true;
	for (uint32_t i = 0; i < declaration->sriov_count; i++)
		if (declaration->sriov[i].which.serial)
			return true;
	return false;
}

static int plan_file(const struct via_session *session, struct via_arena *arena,
		     const struct via_planning *planning, struct via_host **ret_host,
		     struct via_plan *ret, struct via_error *error)
{
	struct via_declaration *declaration;
	int r = planning_declaration(arena, planning->file, &declaration, error);

	if (r < 0)
		return r;
	*ret_host = names_serials(declaration) ? session_look_to_plan_by_serial(session)
					       : session_look_to_plan(session);
	plan_declared(arena, *ret_host, declaration, planning->insistence, ret);
	return 0;
}

int planning_make(const struct via_session *session, struct via_arena *arena,
		  const struct via_planning *planning, struct via_host **ret_host,
		  struct via_plan *ret, struct via_error *error)
{
	if (planning->file && planning->count)
		return error_set(error, -EINVAL, "plan", planning->words[0],
				 "a goal and --file at once");
	if (planning->file)
		return plan_file(session, arena, planning, ret_host, ret, error);
	*ret_host = planning->count && strcmp(planning->words[0], "passthrough") == 0
			    ? session_look_to_plan_by_serial(session)
			    : session_look_to_plan(session);
	return plan_new_insisting(arena, *ret_host, planning->words, planning->count,
				  planning->insistence, ret, error);
}

int planning_refused(const struct via_session *session, const struct via_plan *plan)
{
	struct via_session quiet = *session;

	via_for_each (refusal, &plan->refused) {
		struct via_error error;

		error_set(&error, -EPERM, "refused", refusal->what, "%s", refusal->why);
		if (refusal->hint)
			error_hint(&error, "%s", refusal->hint);
		session_fail(&quiet, &error);
		quiet.json = false; /* one object, with the first reason */
	}
	return VIA_EXIT_COULD_NOT;
}
