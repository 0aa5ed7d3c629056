/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/action.h"

#include <errno.h>
#include <string.h>

static const char *const kind_names[] = {
	[VIA_ACTION_MODULE] = "module",
	[VIA_ACTION_SRIOV_AUTOPROBE] = "sriov-autoprobe",
	[VIA_ACTION_SRIOV_COUNT] = "sriov-count",
	[VIA_ACTION_NVME_SECONDARY] = "nvme-secondary",
	[VIA_ACTION_VF_MAC] = "vf-mac",
	[VIA_ACTION_VF_VLAN] = "vf-vlan",
	[VIA_ACTION_VF_TRUST] = "vf-trust",
	[VIA_ACTION_VF_SPOOFCHK] = "vf-spoofchk",
	[VIA_ACTION_VF_RATE] = "vf-rate",
	[VIA_ACTION_VF_LINK] = "vf-link",
	[VIA_ACTION_VF_MSIX] = "vf-msix",
	[VIA_ACTION_VF_QUANTUM] = "vf-quantum",
	[VIA_ACTION_VF_PREEMPT] = "vf-preempt",
	[VIA_ACTION_ESWITCH] = "eswitch",
	[VIA_ACTION_RESET_METHOD] = "reset-method",
	[VIA_ACTION_D3COLD_ALLOWED] = "d3cold-allowed",
	[VIA_ACTION_POWER_CONTROL] = "power-control",
	[VIA_ACTION_DRIVER_OVERRIDE] = "driver-override",
	[VIA_ACTION_DRIVER] = "driver",
	[VIA_ACTION_FILE] = "file",
	[VIA_ACTION_GENERATE] = "generate",
	[VIA_ACTION_BUS_AUTOPROBE] = "bus-autoprobe",
	[VIA_ACTION_MDEV] = "mdev",
	[VIA_ACTION_VGPU_TYPE] = "vgpu-type",
	[VIA_ACTION_VDPA] = "vdpa",
	[VIA_ACTION_VDPA_OVERRIDE] = "vdpa-override",
	[VIA_ACTION_VDPA_DRIVER] = "vdpa-driver",
	[VIA_ACTION_HUGEPAGES] = "hugepages",
	[VIA_ACTION_GRUB_ONCE] = "grub-once",
	[VIA_ACTION_LOADER_ENTRY] = "loader-entry",
};
_Static_assert(sizeof(kind_names) / sizeof(kind_names[0]) == VIA_ACTION_KINDS,
	       "every kind of action has a name");

const char *action_kind_name(enum via_action_kind kind)
{
	return kind_names[kind];
}

bool action_kind_persists(enum via_action_kind kind)
{
	return kind == VIA_ACTION_FILE || kind == VIA_ACTION_GENERATE ||
	       kind == VIA_ACTION_GRUB_ONCE || kind == VIA_ACTION_LOADER_ENTRY;
}

int action_kind_parse(const char *name, enum via_action_kind *ret)
{
	for (unsigned int i = 0; i < VIA_ACTION_KINDS; i++) {
		if (strcmp(kind_names[i], name) == 0) {
			*ret = (enum via_action_kind)i;
			return 0;
		}
	}
	return -EINVAL;
}
