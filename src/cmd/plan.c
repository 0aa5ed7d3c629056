/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include "base/cleanup.h"
#include "cmd/changing.h"
#include "cmd/planning.h"
#include "render/plan.h"

#include <getopt.h>

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	static const struct option options[] = { { "file", required_argument, NULL, 'F' },
						 { "force", no_argument, NULL, 'f' },
						 { 0 } };
	struct via_planning planning = { 0 };
	struct via_plan plan;
	struct via_error error;
	int option;

	planning_words_last(argc, argv, options);
	while ((option = command_options(session, &command_plan, argc, argv, "+fF:", options)) !=
	       -1) {
		if (option == 'h' || option == '?')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		if (option == 'f')
			changing_insist(&planning.insistence);
		else
			planning.file = optarg;
	}
	planning.words = (const char *const *)argv + optind;
	planning.count = (size_t)(argc - optind);
	if (planning_make(session, arena, &planning, &host, &plan, &error) < 0)
		return session_fail(session, &error);
	if (session->json)
		session_print_json(json_plan(&plan));
	else
		text_plan(&session->paper, &plan);
	return plan.refused.count ? VIA_EXIT_COULD_NOT : VIA_EXIT_DONE;
}

const struct via_command command_plan = {
	.name = "plan",
	.usage = "[-f [-f]] GOAL... | --file FILE",
	.summary = "Show the ordered actions that lead to a goal",
	.help = "Goals:\n"
		"  sriov PF=N [SETTING...]  make N virtual functions, none bound by the host;\n"
		"                           settings as in viaduct sriov --help\n"
		"  passthrough [--now] [--persistent] [--driver NAME] [--reset-method LIST]\n"
		"              [--no-d3cold] DEVICE...\n"
		"                           hold devices for guests: bind them to VFIO's driver,\n"
		"                           now and in each boot before any other driver comes;\n"
		"                           both, as far as the host lets it, unless one is\n"
		"                           named; the others are those of viaduct bind\n"
		"  mdev PARENT=TYPE[,UUID]...\n"
		"                           have a mediated device, or NVIDIA vGPU, of that type\n"
		"  vdpa MGMT=NAME[,KEY=VALUE...]...\n"
		"                           have a vDPA device; keys as viaduct vdpa tells\n"
		"  iommu [passthrough|translated]\n"
		"                           have the kernel drive the IOMMU; a mode is set only\n"
		"                           when named\n"
		"  hugepages SIZE=N[@NODE][,boot]...\n"
		"                           set memory aside in large pages: 1G=16, 2M=1024; of\n"
		"                           2M now as well, unless it says boot\n"
		"  isolate CPUS             set processors aside for guests: 2-7\n"
		"  nested [off]             let guests have guests of their own, or not\n"
		"  guard                    have each kernel that is installed judged before it\n"
		"                           runs (viaduct guard)\n"
		"\n"
		"  -F, --file FILE          what the host declares itself to be, in\n"
		"                           YAML: the difference from how it is\n"
		"  -f, --force              as apply would, told so once or twice\n"
		"\n"
		"Nothing is changed. What the host must not lose is refused, with the reason.\n"
		"Of each file the difference is shown, then what is made anew from it, what could\n"
		"go wrong, and how to get back by hand.\n",
	.run = run,
};
