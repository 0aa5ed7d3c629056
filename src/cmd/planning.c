/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/planning.h"

#include <errno.h>

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
