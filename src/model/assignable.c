/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/assignable.h"

#include <errno.h>
#include <string.h>

#define WHAT "cannot use the device through VFIO"

static int driver_allows(const struct via_pci_device *device, struct via_error *error)
{
	const char *driver = fact_text(&device->driver);

	if (driver && pci_driver_is_vfio(driver))
		return 0;
	if (driver)
		error_set(error, -ENODEV, WHAT, device->name,
			  "it is bound to %s, not to a VFIO driver", driver);
	else if (fact_is(&device->driver, VIA_ABSENT))
		error_set(error, -ENODEV, WHAT, device->name, "no driver is bound to it");
	else
		return error_set(error, -ENODATA, WHAT, device->name,
				 "its driver could not be told");
	error_hint(error, "viaduct bind %s vfio-pci", device->name);
	return -ENODEV;
}

static int holders_allow(const struct via_pci_device *device, struct via_error *error)
{
	const struct via_holder *holder = device->holders.items;

	if (!device->holders.count)
		return 0;
	error_set(error, -EBUSY, WHAT, device->name, "it is in use: %s: %s%s", holder->by,
		  holder->what, device->holders.count > 1 ? " and more" : "");
	error_hint(error, "end what uses it first; viaduct show %s lists all of it", device->name);
	return -EBUSY;
}

static int group_allows(const struct via_pci_device *device, const struct via_pci_group *group,
			struct via_error *error)
{
	const struct via_pci_device *blockers[1] = { NULL };
	size_t count = group ? pci_group_blockers(group, blockers, 1) : 0;

	if (!count && group && pci_group_untold(group))
		return error_set(error, -ENODATA, WHAT, device->name,
				 "who else is in group %llu could not be told: %s: %s",
				 (unsigned long long)group->id, pci_group_untold(group)->path,
				 errno_name(pci_group_untold(group)->error));
	if (!count)
		return 0;
	error_set(
		error, -EPERM, WHAT, device->name,
		"group %llu also holds %s, bound to %s%s: DMA cannot be kept apart inside a group",
		(unsigned long long)group->id, blockers[0]->name, fact_text(&blockers[0]->driver),
		count > 1 ? ", and more" : "");
	error_hint(error, "unbind every other member, or bind it to vfio-pci as well");
	return -EPERM;
}

static int find_group(const struct via_pci *pci, const struct via_pci_device *device,
		      const struct via_pci_group **ret, struct via_error *error)
{
	const struct via_pci_group *group = NULL;

	if (fact_is(&device->group, VIA_PRESENT))
		group = pci_group(pci, device->group.number);
	if (!group && fact_is(&device->group, VIA_UNKNOWN))
		return error_set(error, -ENODATA, WHAT, device->name,
				 "its IOMMU group could not be told");
	if (group && pci_group_isolates(group)) {
		*ret = group;
		return 0;
	}
	error_set(error, -ENODEV, WHAT, device->name, "%s",
		  group ? "its group has no IOMMU, so its DMA cannot be confined"
			: "it is in no IOMMU group");
	error_hint(error, "is the IOMMU on? viaduct check tells");
	return -ENODEV;
}

int pci_assignable(const struct via_pci *pci, const struct via_pci_device *device,
		   const struct via_pci_group **ret_group, struct via_error *error)
{
	const struct via_pci_group *group = NULL;
	int r;

	if (!device || pci_find(pci, device->address) != device)
		return error_set(error, -ENODEV, WHAT, device ? device->name : "(none)",
				 "there is no such function on this host");
	/* without an IOMMU no driver would help */
	r = fact_is(&device->group, VIA_ABSENT) ? find_group(pci, device, &group, error)
						: driver_allows(device, error);
	if (r == 0)
		r = holders_allow(device, error);
	if (r == 0)
		r = find_group(pci, device, &group, error);
	if (r == 0)
		r = group_allows(device, group, error);
	if (r == 0 && ret_group)
		*ret_group = group;
	return r;
}
