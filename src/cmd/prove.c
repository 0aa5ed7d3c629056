/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "model/select.h"
#include "prove/generations.h"
#include "prove/prove.h"
#include "render/json_proof.h"
#include "render/text_proof.h"

static int prove_one(struct via_session *session, const char *what,
		     const struct via_prove_options *options, struct via_proof *ret,
		     struct via_error *error)
{
	const struct via_root *root = &session->world->root;
	_cleanup_host_ struct via_host *host = NULL;
	const struct via_prove_target *target;
	const struct via_pci_device *device;
	int r;

	target = prove_target(what);
	if (target)
		return target->prove(root, options, ret, error);
	host = session_look_closely(session, VIA_DEPTH_ATTRIBUTES);
	r = select_device(&host->pci, what, &device, error);
	if (r < 0)
		return r;
	return prove_device(root, host, device, options, ret, error);
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = { { "limit", required_argument, NULL, 'l' }, { 0 } };
	struct via_prove_options limits = { 0 };
	_cleanup_proof_ struct via_proof proof = { 0 };
	struct via_error error;
	uint64_t seconds;
	int option, status;

	while ((option = command_options(session, &command_prove, argc, argv, "", options)) != -1) {
		if (option != 'l')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		if (parse_u64(optarg, 10, &seconds) < 0 || !seconds || seconds > 3600)
			return session_usage(session, "prove", "--limit is 1 to 3600 seconds");
		limits.limit_ms = (unsigned int)seconds * 1000;
	}
	if (argc - optind != 1)
		return session_usage(
			session, "prove",
			"it takes one device, or kvm, nested, iommu, vhost, vdpa or vduse");
	status = session_may_act(session, "prove");
	if (status)
		return status;
	if (prove_one(session, argv[optind], &limits, &proof, &error) < 0) {
		session_fail(session, &error);
		return VIA_EXIT_COULD_NOT;
	}
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
	.usage = "[--limit SECONDS] TARGET | DEVICE",
	.summary = "Prove rung by rung, by really doing it",
	.help = "kvm      runs guest instructions: port and memory I/O, halt, memory given and\n"
		"         taken away, ioeventfd, irqfd\n"
		"nested   a guest starts a guest of its own\n"
		"iommu    units, domains, interrupts; maps memory where no device is needed\n"
		"vhost    frames through vhost-net's rings, a connection through vhost-vsock's\n"
		"vdpa     a frame, or a sector, through the rings of a vDPA simulator\n"
		"vduse    a device made in user space, and taken away\n"
		"DEVICE   one that is bound to vfio-pci: driver, open, attach, dma-map, dma-real\n"
		"         (it moves data itself), isolation (told to write outside what it was\n"
		"         given, it is stopped, and the kernel log says so), region, interrupt,\n"
		"         reset (each method). Naming a device agrees to its being reset; one in\n"
		"         use is refused, and nothing is written to a medium or a network.\n"
		"\n"
		"It runs in a child with a time limit (20 s unless --limit says otherwise).\n",
	.run = run,
};
