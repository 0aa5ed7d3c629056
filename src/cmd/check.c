/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include "base/cleanup.h"
#include "cmd/baseline.h"
#include "cmd/declared.h"
#include "cmd/judging.h"
#include "rules/rule.h"

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	struct via_findings findings;
	int option = command_options(session, &command_check, argc, argv, "", NULL);

	if (option != -1)
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	if (argc > 1)
		return session_usage(session, "check", "it takes no argument: %s", argv[1]);
	host = judging_look(session, NULL);
	declared_look(&session->world->root, &session->world->queries, host);
	baseline_look(&session->world->root, host);
	findings = rules_run(arena, host);
	if (!session->json)
		text_check(&session->paper, host, &findings, session->detail);
	else if (session_print_json(json_check(host, &findings)))
		return VIA_EXIT_COULD_NOT;
	return judging_status(&findings, VIA_FAIL);
}

const struct via_command command_check = {
	.name = "check",
	.usage = "",
	.summary = "Judge firmware, kernel and devices, and say what to do next",
	.help = "Reads files, asks CPUID and creates one empty virtual machine; wakes no device\n"
		"and changes nothing. -v shows the evidence of every finding, -q only what is\n"
		"not right.\n",
	.run = run,
};
