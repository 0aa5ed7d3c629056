/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>

#include "base/cleanup.h"
#include "cmd/changing.h"
#include "cmd/planning.h"

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = { { "yes", no_argument, NULL, 'y' },
						 { "dry-run", no_argument, NULL, 'n' },
						 { "force", no_argument, NULL, 'f' },
						 { "file", required_argument, NULL, 'F' },
						 { 0 } };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	struct via_planning planning = { 0 };
	bool yes = false, dry_run = false;
	struct via_plan plan;
	struct via_error error;
	int option, status;

	while ((option = command_options(session, &command_apply, argc, argv, "+ynfF:", options)) !=
	       -1) {
		if (option == 'h' || option == '?')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		yes |= option == 'y';
		dry_run |= option == 'n';
		if (option == 'f')
			changing_insist(&planning.insistence);
		if (option == 'F')
			planning.file = optarg;
	}
	status = session_may_act(session, "apply");
	if (status)
		return status;
	planning.words = (const char *const *)argv + optind;
	planning.count = (size_t)(argc - optind);
	if (planning_make(session, arena, &planning, &host, &plan, &error) < 0)
		return session_fail(session, &error);
	return changing_apply(session, &plan, yes, dry_run);
}

const struct via_command command_apply = {
	.name = "apply",
	.usage = "[--yes] [--dry-run] [--force [--force]] GOAL... | --file FILE",
	.summary = "Do a plan: journalled, read back, all undone if a step fails",
	.help = "  -y, --yes       do not ask\n"
		"  -n, --dry-run   check everything, change nothing\n"
		"  -f, --force     take devices although the host uses them; twice, although it\n"
		"                  cannot do without them\n"
		"  -F, --file FILE what the host declares itself to be (/etc/viaduct/host.yaml)\n"
		"\n"
		"Goals are those of viaduct plan. Each value is compared before it is changed and\n"
		"read back afterwards; viaduct rollback undoes it exactly.\n",
	.run = run,
};
