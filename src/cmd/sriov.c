/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmd/changing.h"
#include "model/select.h"
#include "plan/goal.h"
#include "render/sriov.h"

struct request {
	enum via_insistence insistence;
	bool yes, dry_run;
};

static int show(struct via_session *session, const char *name)
{
	_cleanup_host_ struct via_host *host = session_look(session, VIA_DEPTH_ATTRIBUTES);
	const struct via_pci_device *only = NULL;
	struct via_error error;

	if (name && select_device(&host->pci, name, &only, &error) < 0)
		return session_fail(session, &error);
	if (only && !fact_number(&pci_sriov(only)->total, 0) &&
	    !fact_is(&pci_sriov(only)->total, VIA_UNKNOWN)) {
		error_set(&error, -ENODEV, "sriov show", only->name, "it shows no SR-IOV");
		return session_fail(session, &error);
	}
	if (!session->json)
		text_sriov(&session->paper, host, only);
	else if (session_print_json(json_sriov(host, only)))
		return VIA_EXIT_COULD_NOT;
	if (fact_is(&host->virtfns.known, VIA_UNKNOWN))
		return VIA_EXIT_CANNOT_TELL;
	return session_untold("sriov", host);
}

/* `sriov set PF` leaves the count as it is: the goal wants it named. */
static const char *with_count(struct via_arena *arena, const struct via_host *host,
			      const char *word)
{
	const struct via_pci_device *device;

	if (strchr(word, '=') || select_device(&host->pci, word, &device, NULL) < 0)
		return word;
	return arena_printf(arena, "%s=%zu", word, pci_sriov(device)->virtfns.count);
}

static int set(struct via_session *session, const struct request *request, char **words,
	       size_t count)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	const char **goal = arena_alloc(arena, (count + 1) * sizeof(*goal));
	struct via_plan plan;
	struct via_error error;
	int status = session_may_act(session, "sriov set");

	if (status)
		return status;
	host = session_look_to_plan(session);
	goal[0] = "sriov";
	for (size_t i = 0; i < count; i++)
		goal[i + 1] = with_count(arena, host, words[i]);
	if (plan_new_insisting(arena, host, goal, count + 1, request->insistence, &plan, &error) <
	    0)
		return session_fail(session, &error);
	return changing_apply(session, &plan, request->yes, request->dry_run);
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = { { "yes", no_argument, NULL, 'y' },
						 { "dry-run", no_argument, NULL, 'n' },
						 { "force", no_argument, NULL, 'f' },
						 { 0 } };
	struct request request = { 0 };
	int option, left;

	while ((option = command_options(session, &command_sriov, argc, argv, "ynf", options)) !=
	       -1) {
		if (option == 'h' || option == '?')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		request.yes |= option == 'y';
		request.dry_run |= option == 'n';
		if (option == 'f')
			changing_insist(&request.insistence);
	}
	left = argc - optind;
	if (left == 0)
		return show(session, NULL);
	if (strcmp(argv[optind], "show") == 0 && left <= 2)
		return show(session, left == 2 ? argv[optind + 1] : NULL);
	if (strcmp(argv[optind], "set") == 0 && left >= 2)
		return set(session, &request, argv + optind + 1, (size_t)left - 1);
	return session_usage(session, "sriov", "it takes show [PF], or set PF[=N] [SETTING...]");
}

const struct via_command command_sriov = {
	.name = "sriov",
	.usage = "[show [PF] | set [-ynf] PF[=N] [SETTING...]]",
	.summary = "Virtual functions: show them, make them and set them",
	.help = "  -y, --yes       do not ask\n"
		"  -n, --dry-run   check everything, change nothing\n"
		"  -f, --force     although the host uses a VF; twice, although it cannot do\n"
		"                  without it\n"
		"\n"
		"set is viaduct apply sriov. A SETTING is of the PF named before it:\n"
		"  autoprobe=0|1                  whether the host's drivers take the VFs (0)\n"
		"  eswitch=legacy|switchdev       how the card forwards between them\n"
		"  vf=RANGE,KEY=VALUE,...         of VFs; RANGE is N, N-M or all, from 0:\n"
		"     mac=ADDRESS  vlan=ID|none  qos=0-7  proto=802.1q|802.1ad  trust=on|off\n"
		"     spoofchk=on|off  min-rate=MBIT  max-rate=MBIT  link=auto|enable|disable\n"
		"     msix=N  quantum=MS  preempt=US  driver=NAME|none\n"
		"A count goes through 0, which is refused while a VF is in use.\n",
	.run = run,
};
