/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>

#include "apply/confirm.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "cmd/changing.h"
#include "cmd/keeping.h"
#include "cmd/trial.h"

enum { LONGEST_WAIT_S = 600 };

static int confirm(struct via_session *session, bool untried)
{
	struct via_changing changing = { .session = session };
	struct via_apply_options options = changing_options(&changing, false);
	struct via_error error = { 0 };
	int status =
		changing_finish(&changing, "kept: it is what boots from now on",
				apply_confirm(session->world, untried, &options, &error), &error);

	/* Nothing waits for a reboot where this boot has it already. */
	return status == VIA_EXIT_REBOOT && !untried ? VIA_EXIT_DONE : status;
}

/* What a timer would undo, and what a boot tries: one word keeps both. */
static int confirm_all(struct via_session *session, bool untried)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_transaction transaction;
	bool on_trial = trial_look(&session->world->root, arena, &transaction, NULL) == 0;
	struct via_error error = { 0 };
	size_t kept = 0;

	if (keeping_confirm(session, !on_trial, &kept, &error) < 0)
		return session_fail(session, &error);
	return kept && !on_trial ? VIA_EXIT_DONE : confirm(session, untried);
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = { { "force", no_argument, NULL, 'f' },
						 { "at-boot", no_argument, NULL, 'B' },
						 { "wait", required_argument, NULL, 'w' },
						 { "reboot", no_argument, NULL, 'r' },
						 { 0 } };
	bool untried = false, at_boot = false, reboot = false;
	uint64_t wait_s = 0;
	int option, status;

	while ((option = command_options(session, &command_confirm, argc, argv, "fw:", options)) !=
	       -1) {
		if (option == 'h' || option == '?')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		untried |= option == 'f';
		at_boot |= option == 'B';
		reboot |= option == 'r';
		if (option == 'w' &&
		    (parse_u64(optarg, 10, &wait_s) < 0 || wait_s > LONGEST_WAIT_S))
			return session_usage(session, "confirm", "--wait takes 0 to %d seconds",
					     LONGEST_WAIT_S);
	}
	if (optind < argc)
		return session_usage(session, "confirm", "it takes no argument: %s", argv[optind]);
	if ((reboot || wait_s) && !at_boot)
		return session_usage(session, "confirm", "--wait and --reboot go with --at-boot");
	status = session_may_change_files(session, "confirm");
	if (status)
		return status;
	return at_boot ? trial_decide(session, (unsigned int)wait_s, reboot)
		       : confirm_all(session, untried);
}

const struct via_command command_confirm = {
	.name = "confirm",
	.usage = "[-f]",
	.summary = "Keep what is on trial, or what a timer would undo",
	.help = "  -f, --force     keep it although this boot does not try it\n"
		"      --at-boot   as the unit does at each boot: keep it where no finding fails\n"
		"                  that did not before, and the goal is reached; else undo it\n"
		"      --wait N    ... and give the boot N seconds to become good\n"
		"      --reboot    ... and start the machine again where it is taken back\n"
		"\n"
		"What viaduct apply --trial changed is then what boots by default; what kept the\n"
		"old system goes. What --revert-after would undo stays. viaduct rollback still\n"
		"undoes either.\n",
	.run = run,
};
