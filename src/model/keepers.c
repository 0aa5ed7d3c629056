/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/keepers.h"

bool keeping_is_of(const struct via_keeping *keeping, const struct via_pci_device *device)
{
	if (!*keeping->device)
		return false;
	return keeping_covers(keeping->device, device->name) ||
	       names_have(&device->net, keeping->device);
}
