/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>

#include "base/cleanup.h"
#include "model/select.h"
#include "render/json.h"
#include "probe/device.h"
#include "render/show.h"

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = { { "wake", no_argument, NULL, 'w' }, { 0 } };
	_cleanup_(cleanup_pci_names) struct via_pci_names *names = NULL;
	_cleanup_host_ struct via_host *host = NULL;
	const struct via_device_detail *detail;
	const struct via_pci_device *device;
	enum via_depth depth = VIA_DEPTH_CONFIG;
	struct via_error error;
	int option;

	while ((option = command_options(session, &command_show, argc, argv, "", options)) != -1) {
		if (option != 'w')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		depth = VIA_DEPTH_WAKE;
	}
	if (argc - optind != 1)
		return session_usage(session, "show", "it takes one device");
	host = session_look_closely(session, depth);
	if (select_device(&host->pci, argv[optind], &device, &error) < 0)
		return session_fail(session, &error);
	detail = probe_devices(&session->world->root, host, device, 1);
	names = pci_names_new();
	if (!session->json)
		text_show(&session->paper, host, names, detail);
	else if (session_print_json(json_show(host, names, detail)))
		return VIA_EXIT_COULD_NOT;
	return device_untold(device) || fact_is(&device->holders_known, VIA_UNKNOWN)
		       ? session_say_untold("show", host)
		       : VIA_EXIT_DONE;
}

const struct via_command command_show = {
	.name = "show",
	.usage = "[--wake] DEVICE",
	.summary = "All about one device: group and why, use, reset, capabilities",
	.help = "  --wake   read the configuration also where the device sleeps, which wakes it\n",
	.run = run,
};
