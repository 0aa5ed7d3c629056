/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include "base/cleanup.h"
#include "cmd/planning.h"
#include "plan/goal.h"
#include "render/plan.h"

#include <getopt.h>

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	struct via_plan plan;
	struct via_error error;
	int option = command_options(session, &command_plan, argc, argv, "+", NULL);

	if (option != -1)
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	host = session_look_to_plan(session);
	if (plan_new(arena, host, (const char *const *)argv + optind, (size_t)(argc - optind),
		     &plan, &error) < 0)
		return session_fail(session, &error);
	if (session->json)
		session_print_json(json_plan(&plan));
	else
		text_plan(&session->paper, &plan);
	return plan.refused.count ? VIA_EXIT_COULD_NOT : VIA_EXIT_DONE;
}

const struct via_command command_plan = {
	.name = "plan",
	.usage = "GOAL...",
	.summary = "Show the ordered actions that lead to a goal",
	.help = "Goals:\n"
		"  sriov PF=N...            make N virtual functions, none bound by the host\n"
		"  passthrough DEVICE...    hold devices for guests: bind them to vfio-pci, now\n"
		"\n"
		"Nothing is changed. What the host must not lose is refused, with the reason.\n",
	.run = run,
};
