/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/uuid.h"
#include "cmd/changing.h"
#include "cmd/prove_record.h"
#include "cmd/prove_return.h"
#include "model/select.h"
#include "prove/generations.h"
#include "prove/prove.h"
#include "render/json_proof.h"
#include "render/text_proof.h"

/* What was asked for. */
struct proving {
	struct via_session *session;
	struct via_prove_options options;
	unsigned int ways; /* a bit for each interface; 0: those that the kernel has */
	unsigned int rounds;
	bool forget;
};

/* The group is tried, and fails with its reason, where the kernel has no node at all. */
static unsigned int ways_to(const struct proving *proving, const struct via_pci_device *device)
{
	const struct via_root *root = &proving->session->world->root;
	unsigned int ways = proving->ways;

	for (enum via_interface i = 0; !proving->ways && i < VIA_INTERFACES; i++)
		ways |= (unsigned int)prove_reachable_by(root, device, i) << i;
	return ways ? ways : 1U << VIA_BY_GROUP;
}

static int prove_by_each(struct proving *proving, const struct via_host *host,
			 const struct via_pci_device *device, unsigned int round,
			 struct via_proof *whole, struct via_error *error)
{
	const struct via_root *root = &proving->session->world->root;
	struct via_prove_options options = proving->options;
	unsigned int ways = ways_to(proving, device);

	for (enum via_interface i = 0; i < VIA_INTERFACES; i++) {
		_cleanup_proof_ struct via_proof part = { 0 };
		int r;

		if (!(ways & 1U << i))
			continue;
		options.interface = i;
		r = prove_device(root, host, device, &options, &part, error);
		if (r < 0)
			return r;
		proof_append(whole, &part, interface_name(i), round);
	}
	return 0;
}

/* An address can be given to another device. */
static const char *identity_of(struct via_arena *arena, const struct via_pci_device *device)
{
	if (!fact_is(&device->vendor, VIA_PRESENT) || !fact_is(&device->device, VIA_PRESENT))
		return NULL;
	return arena_printf(arena, "%04x:%04x", (unsigned int)device->vendor.number,
			    (unsigned int)device->device.number);
}

/* The host is looked at anew: the function has changed hands since. */
static int prove_as_it_is(struct proving *proving, const char *name, unsigned int round,
			  struct via_proof *whole, struct via_error *error)
{
	_cleanup_host_ struct via_host *host =
		session_look_closely(proving->session, VIA_DEPTH_ATTRIBUTES);
	const struct via_pci_device *device;
	int r = select_device(&host->pci, name, &device, error);

	if (r < 0)
		return r;
	whole->target = arena_strdup(whole->arena, device->name);
	whole->identity = identity_of(whole->arena, device);
	return prove_by_each(proving, host, device, round, whole, error);
}

static void add_return(const struct prove_loan *loan, unsigned int round, struct via_proof *whole)
{
	_cleanup_proof_ struct via_proof part = { 0 };

	proof_init(&part, whole->target);
	if (loan) {
		loan_return(loan, &part);
	} else {
		proof_add(&part, "return");
		proof_rung(&part, "return")->hint = "it stays where it is (--rounds gives it back)";
	}
	proof_append(whole, &part, NULL, round);
}

/* What was taken is given back, whatever came in between. */
static int prove_round(struct proving *proving, const char *name, unsigned int round,
		       struct via_proof *whole, struct via_error *error)
{
	struct prove_loan loan = { .session = proving->session,
				   .arena = whole->arena,
				   .name = name };
	sigset_t before;
	int r;

	changing_hold_signals(&before);
	r = loan_take(&loan, error);
	if (r == 0) {
		r = prove_as_it_is(proving, loan.name, round, whole, error);
		add_return(&loan, round, whole);
	}
	changing_let_signals(&before);
	return r;
}

static int prove_function(struct proving *proving, const char *name, struct via_proof *ret,
			  struct via_error *error)
{
	int r = 0;

	proof_init(ret, name);
	for (unsigned int i = 1; r == 0 && i <= proving->rounds && !proof_count(ret, VIA_FAIL); i++)
		r = prove_round(proving, name, i, ret, error);
	if (proving->rounds)
		return r;
	r = prove_as_it_is(proving, name, 0, ret, error);
	if (r == 0)
		add_return(NULL, 0, ret);
	return r;
}

/* The host with no device named: what any guest with a device of its own rests on. */
static int prove_host(struct proving *proving, struct via_proof *ret, struct via_error *error)
{
	static const char *const parts[] = { "kvm", "iommu" };
	int r = 0;

	proof_init(ret, "host");
	for (size_t i = 0; r >= 0 && i < VIA_COUNT(parts); i++) {
		_cleanup_proof_ struct via_proof part = { 0 };

		r = prove_target(parts[i])->prove(&proving->session->world->root, &proving->options,
						  &part, error);
		if (r >= 0)
			proof_append(ret, &part, NULL, 0);
	}
	return r;
}

static int prove_one(struct proving *proving, const char *what, struct via_proof *ret,
		     struct via_error *error)
{
	const struct via_prove_target *target = what ? prove_target(what) : NULL;

	if (!what)
		return prove_host(proving, ret, error);
	if (target)
		return target->prove(&proving->session->world->root, &proving->options, ret, error);
	if (strchr(what, '/'))
		return prove_vhost_user(&proving->session->world->root, &proving->options, what,
					ret, error);
	return prove_function(proving, what, ret, error);
}

static int take_limit(struct proving *proving)
{
	uint64_t seconds;

	if (parse_u64(optarg, 10, &seconds) < 0 || !seconds || seconds > 3600)
		return session_usage(proving->session, "prove", "--limit is 1 to 3600 seconds");
	proving->options.limit_ms = (unsigned int)seconds * 1000;
	return -1;
}

static int take_interface(struct proving *proving)
{
	for (enum via_interface i = 0; i < VIA_INTERFACES; i++) {
		if (strcmp(optarg, interface_name(i)) != 0)
			continue;
		proving->ways = 1U << i;
		return -1;
	}
	if (strcmp(optarg, "both") == 0) {
		proving->ways = (1U << VIA_INTERFACES) - 1;
		return -1;
	}
	return session_usage(proving->session, "prove", "--interface is group, iommufd or both");
}

static int take_rounds(struct proving *proving)
{
	uint64_t rounds;

	if (parse_u64(optarg, 10, &rounds) < 0 || !rounds || rounds > 1000)
		return session_usage(proving->session, "prove", "--rounds is 1 to 1000");
	proving->rounds = (unsigned int)rounds;
	return -1;
}

/* QEMU would say it too, but only once the device has been reset ten times. */
static int take_file(struct proving *proving, const char **ret)
{
	struct via_error error;

	*ret = optarg;
	if (access(optarg, R_OK) == 0)
		return -1;
	error_set(&error, -errno, "cannot start the guest", optarg, NULL);
	return session_fail(proving->session, &error);
}

static int take_token(struct proving *proving)
{
	proving->options.vf_token = optarg;
	return uuid_valid(optarg) ? -1
				  : session_usage(proving->session, "prove",
						  "--vf-token takes a UUID: %s", optarg);
}

static int take_option(struct proving *proving, int option)
{
	switch (option) {
	case 'l':
		return take_limit(proving);
	case 'i':
		return take_interface(proving);
	case 'r':
		return take_rounds(proving);
	case 'f':
		proving->forget = true;
		return -1;
	case 't':
		return take_token(proving);
	case 'k':
		return take_file(proving, &proving->options.guest_kernel);
	case 'd':
		return take_file(proving, &proving->options.guest_initrd);
	default:
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	}
}

/* Returns an exit status, or -1 to go on. */
static int take_options(struct proving *proving, int argc, char **argv)
{
	static const struct option options[] = {
		{ "limit", required_argument, NULL, 'l' },
		{ "interface", required_argument, NULL, 'i' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "no-record", no_argument, NULL, 'f' },
		{ "vf-token", required_argument, NULL, 't' },
		{ "guest-kernel", required_argument, NULL, 'k' },
		{ "guest-initrd", required_argument, NULL, 'd' },
		{ 0 },
	};
	int option, status = -1;

	while (status < 0 && (option = command_options(proving->session, &command_prove, argc, argv,
						       "", options)) != -1)
		status = take_option(proving, option);
	if (status < 0 && !proving->options.guest_kernel != !proving->options.guest_initrd)
		return session_usage(proving->session, "prove",
				     "--guest-kernel and --guest-initrd go together");
	if (status < 0 && argc - optind > 1)
		return session_usage(
			proving->session, "prove",
			"it takes one device, or kvm, nested, iommu, vhost, vdpa or vduse");
	if (status < 0 && argc == optind && proving->rounds)
		return session_usage(proving->session, "prove", "--rounds takes a device");
	return status;
}

static int run(struct via_session *session, int argc, char **argv)
{
	struct proving proving = { .session = session };
	_cleanup_proof_ struct via_proof proof = { 0 };
	struct via_error error;
	int status = take_options(&proving, argc, argv);

	if (status >= 0)
		return status;
	status = session_may_act(session, "prove");
	if (status)
		return status;
	if (prove_one(&proving, argv[optind], &proof, &error) < 0) {
		session_fail(session, &error);
		return VIA_EXIT_COULD_NOT;
	}
	prove_record(session, &proof, !proving.forget);
	if (!session->json)
		text_proof(&session->paper, &proof);
	else if (session_print_json(json_proof(&proof)))
		return VIA_EXIT_COULD_NOT;
	if (proof_count(&proof, VIA_FAIL))
		return VIA_EXIT_FAILING;
	return proof_count(&proof, VIA_CANNOT_TELL) ? VIA_EXIT_CANNOT_TELL : VIA_EXIT_DONE;
}

const struct via_command command_prove = {
	.name = "prove",
	.usage = "[OPTIONS] [TARGET | SOCKET | DEVICE]",
	.summary = "Prove rung by rung, by really doing it",
	.help = "kvm      runs guest instructions: port and memory I/O, halt, memory given and\n"
		"         taken away, ioeventfd, irqfd\n"
		"nested   a guest starts a guest of its own\n"
		"iommu    units, domains, interrupts; maps memory where no device is needed\n"
		"vhost    frames through vhost-net's rings, a connection through vhost-vsock's, a\n"
		"         SCSI command through vhost-scsi's\n"
		"vdpa     a frame, or a sector, through the rings of a vDPA simulator\n"
		"vduse    a device made in user space, and taken away\n"
		"SOCKET   a path: what answers at a vhost-user socket, its features and queues\n"
		"(none)   kvm, then iommu: what a guest with a device of its own rests on\n"
		"DEVICE   one that is bound to vfio-pci: driver, open, attach, dma-map, dma-real\n"
		"         (it moves data itself), isolation (told to write outside what it was\n"
		"         given, it is stopped, and the kernel log says so), region, interrupt,\n"
		"         reset (each method), kvm (a guest reads the device and takes its\n"
		"         interrupt), guest (QEMU gives it to a guest that sees and reads it).\n"
		"         Naming a device agrees to its being reset; one in use is refused, and\n"
		"         nothing is written to a medium. What is sent to a network is one frame\n"
		"         of a virtual function, addressed to itself.\n"
		"\n"
		"  --interface group|iommufd|both\n"
		"                   the way to the IOMMU; all that the kernel has, unless told\n"
		"  --limit SECONDS  for each way; 20 unless told, and what the guest takes. The\n"
		"                   proof runs in a child.\n"
		"  --rounds N       each begins with the device's own driver: taken to vfio-pci,\n"
		"                   proved, given back, seen to work: the rung return\n"
		"  --guest-kernel FILE\n"
		"                   a Linux for the rung guest, rather than a few instructions.\n"
		"                   Its init says, on ttyS0, viaduct-guest: device ADDRESS\n"
		"                   VENDOR:DEVICE DRIVER, then viaduct-guest: done\n"
		"  --guest-initrd FILE\n"
		"                   what that Linux begins with\n"
		"  --vf-token UUID  of a VF whose PF somebody has through VFIO: what they set\n"
		"  --no-record      leave nothing in /var/lib/viaduct/results, where the next\n"
		"                   proof finds what this one came to\n",
	.run = run,
};
