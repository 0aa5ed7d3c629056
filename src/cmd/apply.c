/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "cmd/at_boot.h"
#include "cmd/baseline.h"
#include "cmd/changing.h"
#include "cmd/planning.h"
#include "cmd/trial.h"

enum { LONGEST_WAIT_S = 600 };

/* What is declared rests on groups and ways to reset as they are now. */
static void record(const struct via_session *session, struct via_host *host)
{
	struct via_error error;

	if (baseline_save(&session->world->root, host, &error) < 0)
		session_complain(session, &error);
}

struct wishes {
	struct via_planning planning;
	bool yes, dry_run, at_boot, trial, reboot;
	unsigned int revert_after_s;
	uint64_t wait_s;
};

/* Returns an exit status, or -1 to go on. */
static int take_option(struct via_session *session, struct wishes *wishes, int option)
{
	if (option == 'h' || option == '?')
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	wishes->yes |= option == 'y';
	wishes->dry_run |= option == 'n';
	wishes->at_boot |= option == 'B';
	wishes->trial |= option == 't';
	wishes->reboot |= option == 'r';
	if (option == 'f')
		changing_insist(&wishes->planning.insistence);
	if (option == 'F')
		wishes->planning.file = optarg;
	if (option == 'R' && changing_timer(session, "apply", optarg, &wishes->revert_after_s))
		return VIA_EXIT_USAGE;
	if (option == 'w' &&
	    (parse_u64(optarg, 10, &wishes->wait_s) < 0 || wishes->wait_s > LONGEST_WAIT_S))
		return session_usage(session, "apply", "--wait takes 0 to %d seconds",
				     LONGEST_WAIT_S);
	return -1;
}

/* What does not go together; likewise. */
static int check(struct via_session *session, const struct wishes *wishes)
{
	int status = session_may_change_files(session, "apply");

	if (status)
		return status;
	if (wishes->reboot && !wishes->trial)
		return session_usage(session, "apply", "--reboot goes with --trial");
	if (wishes->trial && session->world->effects.files_only)
		return session_usage(session, "apply", "an image cannot be tried by a boot");
	if (wishes->at_boot &&
	    (!wishes->planning.file || wishes->planning.count || wishes->dry_run || wishes->trial))
		return session_usage(session, "apply", "--at-boot goes with --file alone");
	return -1;
}

static int apply(struct via_session *session, const struct wishes *wishes)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	struct via_plan plan;
	struct via_error error;
	int status;

	if (planning_make(session, arena, &wishes->planning, &host, &plan, &error) < 0)
		return session_fail(session, &error);
	if (wishes->trial && trial_make(session, host, &plan, wishes->reboot, &error) < 0)
		return session_fail(session, &error);
	plan.revert_after_s = wishes->revert_after_s;
	status = changing_apply(session, &plan, wishes->yes, wishes->dry_run);
	if (!wishes->dry_run && !wishes->trial && planning_is_of_host(&wishes->planning) &&
	    (status == VIA_EXIT_DONE || status == VIA_EXIT_REBOOT))
		record(session, host);
	return status;
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = { { "yes", no_argument, NULL, 'y' },
						 { "dry-run", no_argument, NULL, 'n' },
						 { "force", no_argument, NULL, 'f' },
						 { "file", required_argument, NULL, 'F' },
						 { "at-boot", no_argument, NULL, 'B' },
						 { "wait", required_argument, NULL, 'w' },
						 { "trial", no_argument, NULL, 't' },
						 { "reboot", no_argument, NULL, 'r' },
						 { "revert-after", required_argument, NULL, 'R' },
						 { 0 } };
	struct wishes wishes = { 0 };
	int option, status;

	planning_words_last(argc, argv, options);
	while ((option = command_options(session, &command_apply, argc, argv,
					 "+ynftF:w:", options)) != -1) {
		status = take_option(session, &wishes, option);
		if (status >= 0)
			return status;
	}
	wishes.planning.words = (const char *const *)argv + optind;
	wishes.planning.count = (size_t)(argc - optind);
	status = check(session, &wishes);
	if (status >= 0)
		return status;
	if (wishes.at_boot)
		return at_boot_apply(session, wishes.planning.file, (unsigned int)wishes.wait_s);
	return apply(session, &wishes);
}

const struct via_command command_apply = {
	.name = "apply",
	.usage = "[-y] [-n] [-f [-f]] [-t] GOAL... | --file FILE",
	.summary = "Do a plan: journalled, read back, all undone if a step fails",
	.help = "  -y, --yes       do not ask\n"
		"  -n, --dry-run   check everything, change nothing\n"
		"  -f, --force     take devices although the host uses them, let a program write\n"
		"                  over what is booted; twice: what the host cannot do without\n"
		"  -t, --trial     for the next boot alone: kept only if that is good (viaduct\n"
		"                  confirm does it), and any other boot is the old system\n"
		"      --reboot    with --trial: start again by itself where it was not good\n"
		"  -F, --file FILE what the host declares itself to be (/etc/viaduct/host.yaml)\n"
		"      --at-boot   with --file: each entry for itself, and only what takes effect\n"
		"                  now; for the boot-time unit\n"
		"      --wait N    ... and wait up to N seconds for devices and their drivers\n"
		"  --revert-after SECONDS  undo it by itself, unless viaduct confirm comes first\n"
		"\n"
		"Goals are those of viaduct plan. Each value is compared before it is changed and\n"
		"read back afterwards; viaduct rollback undoes it exactly.\n",
	.run = run,
};
