/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/uuid.h"
#include "model/select.h"
#include "render/json.h"
#include "vm/launch.h"
#include "vm/qemu.h"
#include "vm/spec.h"

struct request {
	struct via_arena *arena;
	struct via_vm_spec *spec;
	uint64_t limit_s;
	bool dry_run;
};

static int take_number(struct via_session *session, const char *name, uint64_t *ret)
{
	if (parse_u64(optarg, 10, ret) == 0 && *ret && *ret <= 1 << 20)
		return -1;
	return session_usage(session, "vm run", "--%s takes a number: %s", name, optarg);
}

/* raw unless the name says qcow2; QEMU's guessing could be fooled by the guest. */
static void take_disk(struct request *request, const char *path)
{
	*via_list_add(request->arena, &request->spec->disks) = (struct via_vm_disk){
		.path = path,
		.format = text_ends(path, ".qcow2") ? "qcow2" : "raw",
	};
}

/* Returns an exit status, or -1 to go on. */
static int take_option(struct via_session *session, struct request *request, int option)
{
	struct via_vm_spec *spec = request->spec;
	uint64_t number = 0;
	int status = -1;

	switch (option) {
	case 'm':
		return take_number(session, "memory", &spec->memory_mib);
	case 'c':
		status = take_number(session, "cpus", &number);
		spec->cpus = (unsigned int)number;
		return status;
	case 'l':
		return take_number(session, "limit", &request->limit_s);
	case 'k':
		spec->kernel = optarg;
		return status;
	case 'i':
		spec->initrd = optarg;
		return status;
	case 'a':
		spec->append = optarg;
		return status;
	case 'd':
		take_disk(request, optarg);
		return status;
	case 'f':
		spec->firmware = optarg;
		return status;
	case 'V':
		spec->firmware_vars = optarg;
		return status;
	case 'N':
		spec->name = optarg;
		return status;
	case 'r':
		spec->no_rom = true;
		return status;
	case 'T':
		spec->vf_token = optarg;
		return uuid_valid(optarg) ? status
					  : session_usage(session, "vm run",
							  "--vf-token takes a UUID: %s", optarg);
	case 'n':
		request->dry_run = true;
		return status;
	default:
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	}
}

static int parse(struct via_session *session, struct request *request, int argc, char **argv)
{
	static const struct option options[] = {
		{ "memory", required_argument, NULL, 'm' },
		{ "cpus", required_argument, NULL, 'c' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "initrd", required_argument, NULL, 'i' },
		{ "append", required_argument, NULL, 'a' },
		{ "disk", required_argument, NULL, 'd' },
		{ "firmware", required_argument, NULL, 'f' },
		{ "firmware-vars", required_argument, NULL, 'V' },
		{ "name", required_argument, NULL, 'N' },
		{ "no-rom", no_argument, NULL, 'r' },
		{ "vf-token", required_argument, NULL, 'T' },
		{ "limit", required_argument, NULL, 'l' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ 0 },
	};
	int option;

	while ((option = command_options(session, &command_vm, argc, argv, "n", options)) != -1) {
		int status = take_option(session, request, option);

		if (status >= 0)
			return status;
	}
	return -1;
}

static int take_devices(const struct via_host *host, struct request *request, char **names,
			struct via_error *error)
{
	for (; *names; names++) {
		const struct via_pci_device *device;
		int r = select_device(&host->pci, *names, &device, error);

		if (r < 0)
			return r;
		*via_list_add(request->arena, &request->spec->devices) = device->address;
	}
	return 0;
}

static int start(struct via_session *session, const struct request *request,
		 const struct via_names *words)
{
	struct via_launch launch = {
		.memlock_bytes = spec_memlock_bytes(request->spec),
		.limit_s = (unsigned int)request->limit_s,
	};
	struct via_error error;
	int guest;

	fflush(stdout);
	if (launch_run(words, &launch, &guest, &error) < 0)
		return session_fail(session, &error);
	if (!guest)
		return VIA_EXIT_DONE;
	error_set(&error, -ECHILD, "run guest", request->spec->name, "QEMU ended with status %d",
		  guest);
	return session_fail(session, &error);
}

static int run_vm(struct via_session *session, struct request *request, char **names)
{
	_cleanup_host_ struct via_host *host = session_look_closely(session, VIA_DEPTH_ATTRIBUTES);
	struct via_names words;
	struct via_error error;

	if (take_devices(host, request, names, &error) < 0 ||
	    qemu_argv(request->arena, request->spec, host, &words, &error) < 0)
		return session_fail(session, &error);
	if (!request->dry_run)
		return start(session, request, &words);
	if (session->json)
		return session_print_json(
			json_pack("{s:s, s:o}", "schema", "viaduct.vm/1", "command",
				  json_optional(shell_line(request->arena, &words))));
	puts(shell_line(request->arena, &words));
	return VIA_EXIT_DONE;
}

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct request request = { .arena = arena, .spec = spec_new(arena) };
	int status = parse(session, &request, argc, argv);

	if (status >= 0)
		return status;
	if (optind == argc || strcmp(argv[optind], "run") != 0)
		return session_usage(session, "vm", "the only thing it does yet is: vm run");
	status = request.dry_run ? 0 : session_may_act(session, "vm run");
	return status ? status : run_vm(session, &request, argv + optind + 1);
}

const struct via_command command_vm = {
	.name = "vm",
	.usage = "run [OPTIONS] [DEVICE...]",
	.summary = "Run a guest that owns devices of this host (QEMU, KVM)",
	.help = "  --memory MIB          1024 unless told\n"
		"  --cpus N              1 unless told\n"
		"  --kernel FILE, --initrd FILE, --append TEXT\n"
		"                        start a kernel without a boot loader\n"
		"  --disk FILE           a disk: raw, or qcow2 by its name\n"
		"  --firmware FILE, --firmware-vars FILE\n"
		"                        an OVMF image and this guest's copy of its variables\n"
		"  --name NAME           what to call it\n"
		"  --no-rom              hide the devices' option ROMs\n"
		"  --vf-token UUID       of VFs whose PF somebody has through VFIO: what they set\n"
		"  --limit SECONDS       end it after that long\n"
		"  -n, --dry-run         print the command, run nothing\n"
		"\n"
		"Its serial console is this terminal. Devices must be on vfio-pci (viaduct apply\n"
		"passthrough DEVICE).\n",
	.run = run,
};
