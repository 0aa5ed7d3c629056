/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/trial.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sha256.h"
#include "boot/boot.h"
#include "boot/trial.h"
#include "cmd/declared.h"
#include "cmd/planning.h"
#include "plan/trial.h"
#include "rules/rule.h"
#include "sys/file_state.h"

enum { UNIT_LIMIT = 1 << 16, ID_LETTERS = 12 };

static struct via_findings look(const struct via_session *session, struct via_arena *arena,
				struct via_host **ret)
{
	struct via_host *host = session_look_lean(session, VIA_DEPTH_ATTRIBUTES);

	boot_look(&session->world->root, host, false);
	boot_trial_look(&session->world->root, host);
	declared_look(&session->world->root, &session->world->queries, host);
	*ret = host;
	return rules_run(arena, host);
}

static struct via_names failing_now(const struct via_session *session, struct via_arena *arena)
{
	_cleanup_host_ struct via_host *host = NULL;
	struct via_findings findings = look(session, arena, &host);
	struct via_names failing = { 0 };

	via_for_each (finding, &findings.list)
		if (finding->verdict == VIA_FAIL)
			*via_list_add(arena, &failing) = arena_strdup(arena, finding->id);
	return failing;
}

/* Tells this trial from another of the same plan: nobody makes two in one boot. */
static const char *name_trial(const struct via_session *session, const struct via_plan *plan)
{
	struct via_fact boot =
		root_text(&session->world->root, plan->arena, "proc/sys/kernel/random/boot_id");
	const char *text = arena_printf(plan->arena, "%s %s", fact_text(&boot) ?: "", plan->id);
	char digest[SHA256_HEX + 1];

	sha256_of(text, strlen(text), digest);
	return arena_strndup(plan->arena, digest, ID_LETTERS);
}

static int read_unit(const struct via_session *session, struct via_arena *arena,
		     struct via_trial_wish *wish, struct via_error *error)
{
	const struct via_root *root = &session->world->root;
	struct via_fact systemd = root_exists(root, arena, "run/systemd/system");
	struct via_fact unit = root_file(root, arena, UNIT_LIMIT, &TRIAL_UNIT_PATH[1], &wish->unit);
	struct via_fact wants =
		root_file(root, arena, UNIT_LIMIT, &TRIAL_WANTS_PATH[1], &wish->wants);

	if (!fact_is(&systemd, VIA_PRESENT)) {
		error_set(error, -EOPNOTSUPP, "try", "the next boot",
			  "systemd does not run here, so nothing would judge that boot");
		return error_hint(error, "apply it without --trial");
	}
	if (fact_is(&unit, VIA_UNKNOWN) || fact_is(&wants, VIA_UNKNOWN))
		return error_set(error, -EIO, "read unit", TRIAL_UNIT_PATH, "%s",
				 errno_name(unit.error ?: wants.error));
	return 0;
}

static int nothing_to_try(const struct via_plan *plan, struct via_error *error)
{
	error_set(error, -ENODATA, "try", plan->goal, "nothing of it waits for a reboot");
	return error_hint(error, "without --trial it is done now; viaduct rollback undoes it");
}

int trial_make(const struct via_session *session, struct via_host *host, struct via_plan *plan,
	       bool reboot, struct via_error *error)
{
	struct via_trial_wish wish = { .program = planning_program(session, plan->arena),
				       .reboot = reboot };
	size_t planned = plan->actions.count;
	int r;

	if (plan->refused.count || !planned)
		return 0;
	r = read_unit(session, plan->arena, &wish, error);
	if (r < 0)
		return r;
	boot_trial_look(&session->world->root, host);
	wish.trial = (struct via_plan_trial){
		.id = name_trial(session, plan),
		.failing = failing_now(session, plan->arena),
	};
	plan_trial(plan, host, &wish);
	return plan->refused.count || plan->trial ? 0 : nothing_to_try(plan, error);
}

struct via_names trial_trouble(const struct via_session *session, struct via_arena *arena,
			       const struct via_trial *trial)
{
	_cleanup_host_ struct via_host *host = NULL;
	struct via_findings findings = look(session, arena, &host);
	struct via_names trouble = trial_unmet(arena, host, &trial->expect);

	via_for_each (finding, &findings.list)
		if (finding->verdict == VIA_FAIL && !names_have(&trial->failing, finding->id))
			*via_list_add(arena, &trouble) =
				arena_printf(arena, "%s fails: %s", finding->id,
					     finding->detail ?: finding->title);
	return trouble;
}
