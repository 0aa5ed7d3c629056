/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "serve/disk.h"
#include "serve/listen.h"

struct wishes {
	const char *socket;
	bool read_only, once;
};

static uint32_t serve_request(void *context, struct ring_chain *chain)
{
	return disk_serve(context, chain);
}

static void agree(void *context, uint64_t features)
{
	disk_agree(context, features);
}

static void complain(int error)
{
	fprintf(stderr, "viaduct: serve: the front end was left: %s\n", strerror(-error));
}

static int tell(const struct via_session *session, const struct via_service *service)
{
	if (session->json)
		return session_print_json(json_pack("{ss ss sI sI}", "schema", "viaduct.serve/1",
						    "socket", service->path, "sessions",
						    (json_int_t)service->sessions, "requests",
						    (json_int_t)service->requests));
	printf("%" PRIu64 " front ends, %" PRIu64 " requests\n", service->sessions,
	       service->requests);
	return VIA_EXIT_DONE;
}

static int serve(struct via_session *session, const struct wishes *wishes, const char *path)
{
	_cleanup_disk_ struct disk block = { .fd = -1 };
	uint8_t config[DISK_CONFIG_BYTES];
	struct vhost_user_device device = {
		.queues = VHOST_USER_QUEUES,
		.config = config,
		.config_size = sizeof(config),
		.agree = agree,
		.serve = serve_request,
		.context = &block,
	};
	struct via_service service = { .path = wishes->socket,
				       .device = &device,
				       .once = wishes->once,
				       .complain = complain };
	_cleanup_close_ int listener = -1;
	struct via_error error;

	if (disk_open(&block, path, wishes->read_only, "viaduct", &error) < 0)
		return session_fail(session, &error), VIA_EXIT_COULD_NOT;
	disk_config(&block, VHOST_USER_QUEUES, DISK_SEGMENTS, config);
	device.features = disk_features(&block);
	listener = service_listen(wishes->socket, &error);
	if (listener < 0)
		return session_fail(session, &error), VIA_EXIT_COULD_NOT;
	if (!session->json) {
		printf("%s: %" PRIu64 " sectors of 512 bytes%s, at %s\n", path, block.sectors,
		       block.read_only ? ", read only" : "", wishes->socket);
		fflush(stdout);
	}
	if (service_run(&service, listener, &error) < 0)
		return session_fail(session, &error), VIA_EXIT_COULD_NOT;
	return tell(session, &service);
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "read-only", no_argument, NULL, 'r' },
		{ "once", no_argument, NULL, '1' },
		{ 0 },
	};
	struct wishes wishes = { 0 };
	int option, status;

	while ((option = command_options(session, &command_serve, argc, argv, "", options)) != -1) {
		if (option == 's')
			wishes.socket = optarg;
		else if (option == 'r')
			wishes.read_only = true;
		else if (option == '1')
			wishes.once = true;
		else
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	}
	if (argc - optind != 1 || !wishes.socket)
		return session_usage(session, "serve", "it takes --socket PATH and one file");
	status = session_may_act(session, "serve");
	if (status)
		return status;
	return serve(session, &wishes, argv[optind]);
}

const struct via_command command_serve = {
	.name = "serve",
	.usage = "--socket PATH [--read-only] [--once] FILE",
	.summary = "Serve a file as a disk to a virtual machine, by vhost-user",
	.help = "--socket PATH    where QEMU's vhost-user-blk finds it\n"
		"--read-only      the disk cannot be written\n"
		"--once           end when the first virtual machine has left\n"
		"\n"
		"FILE is a raw image or a block device. QEMU, with memory that can be shared:\n"
		"  -object memory-backend-memfd,id=m,size=2G,share=on -machine memory-backend=m\n"
		"  -chardev socket,id=c,path=PATH -device vhost-user-blk-pci,chardev=c\n",
	.run = run,
};
