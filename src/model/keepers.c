/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/keepers.h"

bool keeping_is_of(const struct via_keeping *keeping, const struct via_pci_device *device)
{
	if (!*keeping->device)
		return false;
	if (keeping_covers(keeping->device, device->name) ||
	    names_have(&device->net, keeping->device))
		return true;
	if (keeping_is_pattern(keeping->device))
		via_for_each (net, &device->net)
			if (keeping_matches(keeping->device, "|", *net))
				return true;
	return false;
}
