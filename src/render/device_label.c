/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/list.h"

#include <string.h>

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
	       !device->dma_device && !device->holders.count &&
	       !fact_is(&device->holders_known, VIA_UNKNOWN) && !pci_group_untold(group) &&
	       !pci_group_blockers(group, NULL, 0);
}

static bool same_members(const struct via_pci_group *group,
			 const struct via_predicted_group *predicted)
{
	size_t found = 0;

	if (!predicted || group->devices.count != predicted->devices.count)
		return false;
	via_for_each (member, &group->devices)
		via_for_each (other, &predicted->devices)
			found += *member == *other;
	return found == group->devices.count;
}

/* Of members whose explanation could not be told, the first one's reason. */
static const struct via_predicted *first_unknown(const struct via_host *host,
						 const struct via_prediction *prediction,
						 const struct via_pci_group *group)
{
	via_for_each (member, &group->devices) {
		const struct via_predicted *predicted = prediction_of(prediction, host, *member);

		if (fact_is(&predicted->fact, VIA_UNKNOWN))
			return predicted;
	}
	return NULL;
}

const char *group_why(const struct via_host *host, const struct via_prediction *prediction,
		      const struct via_pci_group *group, struct via_arena *arena)
{
	const struct via_predicted_group *predicted;
	const struct via_pci_device *first;
	const struct via_predicted *unknown;

	if (fact_is(&group->members, VIA_UNKNOWN))
		return arena_printf(arena, "what is in it could not be told (%s)",
				    errno_name(group->members.error));
	if (!group->devices.count)
		return "no PCI function in it";
	if (!pci_group_isolates(group))
		return "made by VFIO without an IOMMU: it isolates nothing";
	first = *group->devices.items;
	predicted = prediction_group(prediction, prediction_of(prediction, host, first));
	if (same_members(group, predicted))
		return prediction_why(prediction, host, predicted, arena);
	if (group->devices.count == 1)
		return first->parent ? "alone: every port above it isolates"
				     : "alone on the root bus";
	unknown = first_unknown(host, prediction, group);
	if (unknown)
		return arena_printf(arena, "why could not be told: %s",
				    prediction_why_one(unknown, arena));
	return arena_printf(arena,
			    "the kernel made it of %zu functions by a rule that is not known "
			    "here",
			    group->devices.count);
}

const char *prediction_because(const struct via_host *host, const struct via_prediction *prediction,
			       const struct via_predicted *predicted, struct via_arena *arena)
{
	const struct via_predicted_group *group = prediction_group(prediction, predicted);

	return group ? prediction_why(prediction, host, group, arena)
		     : prediction_why_one(predicted, arena);
}
