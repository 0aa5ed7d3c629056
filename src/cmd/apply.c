/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>

#include "base/cleanup.h"
#include "cmd/changing.h"
#include "plan/goal.h"

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = { { "yes", no_argument, NULL, 'y' },
						 { "dry-run", no_argument, NULL, 'n' },
						 { 0 } };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	bool yes = false, dry_run = false;
	struct via_plan plan;
	struct via_error error;
	int option, status;

	while ((option = command_options(session, &command_apply, argc, argv, "+yn", options)) !=
	       -1) {
		if (option != 'y' && option != 'n')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		yes |= option == 'y';
		dry_run |= option == 'n';
	}
	status = session_may_act(session, "apply");
	if (status)
		return status;
	host = session_look_to_plan(session);
	if (plan_new(arena, host, (const char *const *)argv + optind, (size_t)(argc - optind),
		     &plan, &error) < 0)
		return session_fail(session, &error);
	return changing_apply(session, &plan, yes, dry_run);
}

const struct via_command command_apply = {
	.name = "apply",
	.usage = "[--yes] [--dry-run] GOAL...",
	.summary = "Do a plan: journalled, read back, all undone if a step fails",
	.help = "  -y, --yes       do not ask\n"
		"  -n, --dry-run   check everything, change nothing\n"
		"\n"
		"Goals are those of viaduct plan. Each value is compared before it is changed and\n"
		"read back afterwards; viaduct rollback undoes it exactly.\n",
	.run = run,
};
