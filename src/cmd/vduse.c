/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>
#include <string.h>

#include "cmd/serving.h"
#include "base/cleanup.h"
#include "render/virtual.h"
#include "vduse/device.h"

struct choice {
	bool read_only;
	const char *driver;
};

static int list(const struct via_session *session)
{
	_cleanup_host_ struct via_host *host = session_look_closely(session, VIA_DEPTH_ATTRIBUTES);

	if (session->json)
		session_print_json(json_vduse_list(host));
	else
		text_vduse(&session->paper, host);
	return fact_is(&host->vdpa.vduse_known, VIA_UNKNOWN) ? VIA_EXIT_CANNOT_TELL : VIA_EXIT_DONE;
}

static bool is_driver(const char *driver)
{
	return !driver || strcmp(driver, "vhost_vdpa") == 0 || strcmp(driver, "virtio_vdpa") == 0;
}

static int serve(struct via_session *session, int words, char **argv, const struct choice *choice)
{
	if (words != 2)
		return session_usage(session, "vduse", "serve takes a name and a file");
	if (!vduse_name_valid(argv[0]))
		return session_usage(session, "vduse", "'%s' cannot be a device's name", argv[0]);
	if (!is_driver(choice->driver))
		return session_usage(session, "vduse", "drivers are vhost_vdpa and virtio_vdpa");
	return session_may_act(session, "vduse")
		       ?: serving_run(session, argv[0], argv[1], choice->read_only, choice->driver);
}

static int end(struct via_session *session, int words, char **argv)
{
	if (words != 1)
		return session_usage(session, "vduse", "end takes a name");
	if (!vduse_name_valid(argv[0]))
		return session_usage(session, "vduse", "'%s' cannot be a device's name", argv[0]);
	return session_may_act(session, "vduse") ?: serving_end(session, argv[0]);
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = { { "read-only", no_argument, NULL, 'r' },
						 { "driver", required_argument, NULL, 'd' },
						 { 0 } };
	struct choice choice = { 0 };
	int option, words;

	while ((option = command_options(session, &command_vduse, argc, argv, "rd:", options)) !=
	       -1) {
		if (option == 'h' || option == '?')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		choice.read_only |= option == 'r';
		if (option == 'd')
			choice.driver = optarg;
	}
	words = argc - optind;
	argv += optind;
	if (!words || strcmp(*argv, "list") == 0)
		return words > 1 ? session_usage(session, "vduse", "list takes no words")
				 : list(session);
	if (strcmp(*argv, "serve") == 0)
		return serve(session, words - 1, argv + 1, &choice);
	if (strcmp(*argv, "end") == 0)
		return end(session, words - 1, argv + 1);
	return session_usage(session, "vduse", "there is no action '%s'", *argv);
}

const struct via_command command_vduse = {
	.name = "vduse",
	.usage = "[list | serve [OPTION...] NAME FILE | end NAME]",
	.summary = "Serve a virtio disk from a file, by VDUSE",
	.help = "  list              VDUSE devices, and who serves them\n"
		"  serve NAME FILE   make the device, put it on the bus vdpa, do its work until\n"
		"                    SIGTERM or an interrupt: then it comes off the bus, and is\n"
		"                    gone. In use, it is served on; a second signal insists\n"
		"  end NAME          where the server died: answer what waits with errors, take\n"
		"                    the device off the bus, destroy it\n"
		"\n"
		"  -d, --driver DRIVER  vhost_vdpa: /dev/vhost-vdpa-N, for guests; virtio_vdpa:\n"
		"                    a disk of the host; without it whichever driver takes it\n"
		"  -r, --read-only   the disk cannot be written\n"
		"\n"
		"A guard outlives a server that is killed, and does what end does.\n",
	.run = run,
};
