/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include <string.h>

#include "base/cleanup.h"

const struct via_iommu_table *host_iommu_table(const struct via_host *host)
{
	const struct via_firmware *firmware = &host->firmware;

	if (fact_is(&firmware->dmar.present, VIA_PRESENT))
		return &firmware->dmar;
	if (fact_is(&firmware->ivrs.present, VIA_PRESENT))
		return &firmware->ivrs;
	return firmware->cpu.vendor == VIA_CPU_AMD ? &firmware->ivrs : &firmware->dmar;
}

const char *host_iommu_word(const struct via_host *host)
{
	const struct via_firmware *firmware = &host->firmware;

	if (fact_is(&firmware->dmar.present, VIA_PRESENT))
		return "VT-d";
	if (fact_is(&firmware->ivrs.present, VIA_PRESENT))
		return "AMD-Vi";
	if (fact_is(&firmware->viot, VIA_PRESENT))
		return "virtio-iommu";
	if (fact_is(&firmware->iort.present, VIA_PRESENT))
		return "the SMMU";
	if (firmware->cpu.vendor == VIA_CPU_AMD)
		return "AMD-Vi";
	if (firmware->cpu.vendor == VIA_CPU_INTEL || firmware->cpu.vendor == VIA_CPU_ZHAOXIN)
		return "VT-d";
	return "IOMMU";
}

bool host_is_guest(const struct via_host *host)
{
	return fact_is(&host->firmware.cpu.hypervisor, VIA_PRESENT);
}

bool host_is_no_x86(const struct via_host *host)
{
	return fact_is(&host->firmware.cpu.vendor_id, VIA_ABSENT) &&
	       fact_is(&host->firmware.cpu.flags, VIA_ABSENT);
}

const struct via_fact *host_untold_sriov(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices)
		if (fact_is(&pci_sriov(device)->total, VIA_UNKNOWN))
			return &pci_sriov(device)->total;
	return NULL;
}

bool finding_untold_sriov(struct via_finding *finding, const struct via_host *host, size_t found)
{
	const struct via_fact *untold = found ? NULL : host_untold_sriov(host);

	if (untold)
		finding_cite(finding, untold);
	return untold;
}

const struct via_fact *host_untold_class(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices)
		if (fact_is(&device->class_code, VIA_UNKNOWN))
			return &device->class_code;
	return NULL;
}

const struct via_fact *host_untold_place(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices)
		if (fact_is(&device->place, VIA_UNKNOWN))
			return &device->place;
	return NULL;
}

const char *host_board(const struct via_host *host, struct via_arena *arena)
{
	const struct via_firmware *firmware = &host->firmware;
	const char *vendor = fact_text(&firmware->board_vendor);
	const char *name = fact_text(&firmware->board_name);
	const char *bios = fact_text(&firmware->bios_version);
	const char *date = fact_text(&firmware->bios_date);

	if (!vendor && !name)
		return "";
	return arena_printf(arena, "%s %s, BIOS %s (%s)", vendor ? vendor : "?", name ? name : "?",
			    bios ? bios : "?", date ? date : "?");
}
