/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/list.h"

#include <string.h>

#include "model/isolation.h"

const char *device_label(struct via_pci_names *names, struct via_arena *arena,
			 const struct via_pci_device *device)
{
	const char *vendor = pci_name_vendor(names, arena, device);
	const char *name = pci_name_device(names, arena, device);

	if (vendor && name)
		return arena_printf(arena, "%s %s", vendor, name);
	if (!fact_is(&device->vendor, VIA_PRESENT) || !fact_is(&device->device, VIA_PRESENT))
		return "(ids not readable)";
	return arena_printf(arena, "%s%s[%04llx:%04llx]", vendor ? vendor : "", vendor ? " " : "",
			    (unsigned long long)device->vendor.number,
			    (unsigned long long)device->device.number);
}

bool filter_takes(const struct via_list_filter *filter, const struct via_host *host,
		  const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);
	const struct via_pci_group *group;

	if (filter->address && strcmp(filter->address, device->name) != 0)
		return false;
	if (filter->has_class && !pci_class_is(device, filter->class_code, filter->class_mask))
		return false;
	if (filter->has_group &&
	    (!fact_is(&device->group, VIA_PRESENT) || device->group.number != filter->group))
		return false;
	if (filter->driver && strcmp(filter->driver, driver ? driver : "none") != 0)
		return false;
	if (!filter->assignable)
		return true;
	group = fact_is(&device->group, VIA_PRESENT) ? pci_group(&host->pci, device->group.number)
						     : NULL;
	return group && pci_group_isolates(group) && !pci_is_bridge(device) &&
	       !device->holders.count && !pci_group_blockers(group, NULL, 0);
}

static size_t endpoints(const struct via_pci_group *group)
{
	size_t count = 0;

	via_for_each (member, &group->devices)
		count += !pci_is_bridge(*member);
	return count;
}

static bool one_slot(const struct via_pci_group *group)
{
	const struct via_pci_device *first = *group->devices.items;

	via_for_each (member, &group->devices)
		if ((*member)->address.domain != first->address.domain ||
		    (*member)->address.bus != first->address.bus ||
		    (*member)->address.device != first->address.device)
			return false;
	return true;
}

const char *group_why(const struct via_host *host, const struct via_pci_group *group,
		      struct via_arena *arena)
{
	bool active = fact_number(&host->kernel.iommu_class, 0) > 0;

	if (!group->devices.count)
		return "no PCI function in it";
	if (!pci_group_isolates(group))
		return "made by VFIO without an IOMMU: it isolates nothing";
	if (group->devices.count == 1)
		return (*group->devices.items)->parent ? "alone: every port above it isolates"
						       : "alone on the root bus";
	via_for_each (member, &group->devices)
		if (isolation_is_port(*member) &&
		    isolation_of_port(*member, active) == VIA_ISOLATION_NONE)
			return arena_printf(arena, "port %s joins what is behind it: %s",
					    (*member)->name, isolation_reason(*member, arena));
	if (one_slot(group))
		return "functions of one slot without ACS between them";
	return arena_printf(arena, "%zu functions that can reach each other past the IOMMU",
			    endpoints(group));
}
