/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/pci.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

const struct via_pci_device *pci_find(const struct via_pci *pci, struct via_pci_address address)
{
	size_t low = 0, high = pci->devices.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct via_pci_device *device = &pci->devices.items[middle];
		int order = address_compare(device->address, address);

		if (order == 0)
			return device;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct via_pci_group *pci_group(const struct via_pci *pci, uint64_t id)
{
	/* Most hosts number them without a gap. */
	if (id < pci->groups.count && pci->groups.items[id].id == id)
		return &pci->groups.items[id];
	via_for_each (group, &pci->groups)
		if (group->id == id)
			return group;
	return NULL;
}

bool pci_class_is(const struct via_pci_device *device, uint32_t class_code, uint32_t mask)
{
	return fact_is(&device->class_code, VIA_PRESENT) &&
	       (device->class_code.number & mask) == (class_code & mask);
}

bool pci_same_card(const struct via_pci_device *a, const struct via_pci_device *b)
{
	return a != b && a->address.domain == b->address.domain &&
	       a->address.bus == b->address.bus && a->address.device == b->address.device;
}

const struct via_pci_sriov *pci_sriov(const struct via_pci_device *device)
{
	static const struct via_pci_sriov not_asked;

	return device->sriov ?: &not_asked;
}

const struct via_pci_handover *pci_handover(const struct via_pci_device *device)
{
	static const struct via_pci_handover not_asked;

	return device->handover ?: &not_asked;
}

bool pci_is_bridge(const struct via_pci_device *device)
{
	return pci_class_is(device, 0x060400, 0xffff00);
}

const char *pci_driver_words(const struct via_fact *driver)
{
	if (fact_is(driver, VIA_UNKNOWN))
		return "driver could not be told";
	return fact_text(driver) ?: "no driver";
}

bool pci_driver_is_vfio(const char *driver)
{
	return text_ends(driver, "vfio-pci") || text_ends(driver, "vfio_pci");
}

/* Source: .name of the pci_driver in drivers/vfio/pci; the others have KBUILD_MODNAME */
static const struct {
	const char *module, *driver;
} vfio_names[] = {
	{ "vfio_pci", "vfio-pci" },
	{ "hisi_acc_vfio_pci", "hisi-acc-vfio-pci" },
};

const char *pci_vfio_driver_of(const char *module)
{
	for (size_t i = 0; i < VIA_COUNT(vfio_names); i++)
		if (strcmp(vfio_names[i].module, module) == 0)
			return vfio_names[i].driver;
	return module;
}

const char *pci_vfio_module_of(const char *driver)
{
	for (size_t i = 0; i < VIA_COUNT(vfio_names); i++)
		if (strcmp(vfio_names[i].driver, driver) == 0)
			return vfio_names[i].module;
	return driver;
}

bool pci_driver_shares_group(const char *driver)
{
	return pci_driver_is_vfio(driver) || strcmp(driver, "pci-stub") == 0 ||
	       strcmp(driver, "pcieport") == 0;
}

bool pci_member_blocks(const struct via_pci_device *member)
{
	const char *driver = fact_text(&member->driver);

	return driver && !pci_driver_shares_group(driver) && !member->dma_device;
}

bool pci_group_isolates(const struct via_pci_group *group)
{
	const char *name = fact_text(&group->name);

	return !name || strcmp(name, "vfio-noiommu") != 0;
}

const struct via_fact *pci_group_untold(const struct via_pci_group *group)
{
	if (fact_is(&group->members, VIA_UNKNOWN))
		return &group->members;
	if (fact_is(&group->name, VIA_UNKNOWN) && group->name.error != ENODATA)
		return &group->name;
	via_for_each (member, &group->devices)
		if (fact_is(&(*member)->driver, VIA_UNKNOWN))
			return &(*member)->driver;
	return NULL;
}

size_t pci_group_blockers(const struct via_pci_group *group, const struct via_pci_device **ret,
			  size_t limit)
{
	size_t count = 0;

	via_for_each (member, &group->devices) {
		if (!pci_member_blocks(*member))
			continue;
		if (count < limit)
			ret[count] = *member;
		count++;
	}
	return count;
}
