/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/dkms.h"

#include "base/cleanup.h"

static const char *const names[] = {
	[VIA_DKMS_ADDED] = "not built",
	[VIA_DKMS_BUILT] = "built",
	[VIA_DKMS_INSTALLED] = "installed",
	[VIA_DKMS_SHADOWED] = "shadowed",
};

const char *dkms_state_name(enum via_dkms_state state)
{
	return names[state];
}
