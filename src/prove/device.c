/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/prove.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/assignable.h"
#include "prove/child.h"
#include "prove/reset_policy.h"
#include "prove/vfio_guest.h"
#include "prove/vfio_session.h"

static int climb_open(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;

	return session->interface->open(session, report);
}

static int climb_attach(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;

	return session->interface->attach(session, report);
}

static const struct via_step device_steps[] = {
	{ "driver", climb_driver },
	{ "open", climb_open },
	{ "attach", climb_attach },
	{ "dma-map", climb_dma_map },
	{ "dma-real", climb_dma_real },
	{ "isolation", climb_isolation },
	{ "region", climb_region },
	{ "interrupt", climb_interrupt },
	{ "reset", climb_reset, .goes_on = true },
	{ "kvm", climb_in_kvm, .goes_on = true },
	{ "guest", climb_guest, .goes_on = true },
};

enum { STEPS = VIA_COUNT(device_steps) };

/* A guest that boots takes its time. */
static int climb(struct vfio_session *session, unsigned int limit_ms, struct via_proof *proof,
		 struct via_error *error)
{
	struct via_step steps[STEPS];
	const struct via_road road = {
		.steps = steps,
		.count = STEPS,
		.leave = session_close,
		.restore = reset_policy_restore,
	};

	memcpy(steps, device_steps, sizeof(steps));
	steps[STEPS - 1].extra_ms = guest_extra_ms(session->guest_kernel);
	return child_climb(&road, session, session->root->fd, limit_ms, proof, error);
}

static const struct vfio_interface *const interfaces[VIA_INTERFACES] = {
	[VIA_BY_GROUP] = &vfio_by_group,
	[VIA_BY_IOMMUFD] = &vfio_by_iommufd,
};

const char *interface_name(enum via_interface interface)
{
	return interfaces[interface]->name;
}

/* The name is there in every kernel; the number of a node only where it has one. */
static bool has_node(const struct via_root *root, struct via_arena *arena, const char *device)
{
	struct via_names names = { 0 };
	struct via_fact number = { 0 };

	root_entries(root, arena, &names, "sys/bus/pci/devices/%s/vfio-dev", device);
	if (names.count)
		number = root_exists(root, arena, "sys/bus/pci/devices/%s/vfio-dev/%s/dev", device,
				     names.items[0]);
	return fact_is(&number, VIA_PRESENT);
}

bool prove_reachable_by(const struct via_root *root, const struct via_pci_device *device,
			enum via_interface interface)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact node = { 0 };

	if (interface == VIA_BY_IOMMUFD)
		return has_node(root, arena, device->name);
	if (fact_is(&device->group, VIA_PRESENT))
		node = root_exists(root, arena, "dev/vfio/%" PRIu64, device->group.number);
	return fact_is(&node, VIA_PRESENT);
}

int prove_device(const struct via_root *root, const struct via_host *host,
		 const struct via_pci_device *device, const struct via_prove_options *options,
		 struct via_proof *ret, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct vfio_session session = {
		.arena = arena,
		.root = root,
		.host = host,
		.device = device,
		.interface = interfaces[options->interface],
		.guest_kernel = options->guest_kernel,
		.guest_initrd = options->guest_initrd,
		.vf_token = options->vf_token,
		.page = UINT64_MAX,
		.container = -1,
		.group_fd = -1,
		.device_fd = -1,
	};
	struct via_proof proof;
	int r;

	if (!root->live)
		return error_set(error, -EINVAL, "cannot prove", root->path,
				 "a captured host has no kernel that could answer");
	r = pci_assignable(&host->pci, device, &session.group, error);
	if (r < 0)
		return r;
	proof_init(&proof, device->name);
	r = climb(&session, options->limit_ms, &proof, error);
	if (r < 0)
		proof_free(&proof);
	else
		*ret = proof;
	return r;
}
