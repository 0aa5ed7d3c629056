/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/action.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"

static const char *const kind_names[] = {
	[VIA_ACTION_MODULE] = "module",
	[VIA_ACTION_SRIOV_AUTOPROBE] = "sriov-autoprobe",
	[VIA_ACTION_SRIOV_COUNT] = "sriov-count",
	[VIA_ACTION_NVME_SECONDARY] = "nvme-secondary",
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
};
_Static_assert(sizeof(kind_names) / sizeof(kind_names[0]) == VIA_ACTION_KINDS,
	       "every kind of action has a name");

const char *action_kind_name(enum via_action_kind kind)
{
	return kind_names[kind];
}

bool action_kind_persists(enum via_action_kind kind)
{
	return kind == VIA_ACTION_FILE || kind == VIA_ACTION_GENERATE;
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

bool action_waits_for_boot(enum via_action_kind kind, const char *target)
{
	return action_kind_persists(kind) && !text_starts(target, "/etc/mdevctl.d/");
}
