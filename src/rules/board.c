/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include <strings.h>
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
	if (host_iommu_table(host) == &host->firmware.ivrs)
		return "AMD-Vi";
	if (host->firmware.cpu.vendor == VIA_CPU_INTEL ||
	    fact_is(&host->firmware.dmar.present, VIA_PRESENT))
		return "VT-d";
	return "IOMMU";
}

bool host_is_guest(const struct via_host *host)
{
	return fact_is(&host->firmware.cpu.hypervisor, VIA_PRESENT);
}

const struct via_fact *host_untold_sriov(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices)
		if (fact_is(&device->sriov_total, VIA_UNKNOWN))
			return &device->sriov_total;
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

/*
 * Where makers keep these switches. The words are from their manuals; names vary between
 * models, so the advice says "usually".
 */
static const struct {
	const char *vendor; /* begins the DMI board vendor, any case */
	const char *intel, *amd;
} menus[] = {
	{ "ASUS", "Advanced > System Agent (SA) Configuration; Advanced > CPU Configuration",
	  "Advanced > AMD CBS; Advanced > CPU Configuration" },
	{ "Gigabyte", "Settings > Miscellaneous; Tweaker > Advanced CPU Settings",
	  "Settings > Miscellaneous; Tweaker > Advanced CPU Settings" },
	{ "Micro-Star", "OC > CPU Features", "OC > Advanced CPU Configuration; AMD CBS" },
	{ "ASRock", "Advanced > CPU Configuration; Advanced > Chipset Configuration",
	  "Advanced > CPU Configuration; Advanced > AMD CBS > NBIO" },
	{ "Supermicro", "Advanced > Chipset Configuration > North Bridge > IIO",
	  "Advanced > NB Configuration; Advanced > CPU Configuration" },
	{ "Dell", "Virtualization Support", "Virtualization Support" },
	{ "HP", "Advanced > System Options; Security > System Security",
	  "Advanced > System Options; Security > System Security" },
	{ "LENOVO", "Security > Virtualization", "Security > Virtualization" },
	{ "Intel", "Advanced > Processor Configuration; Integrated IO", "" },
};

const char *host_setup_hint(const struct via_host *host, const char *intel, const char *amd)
{
	const char *vendor = fact_text(&host->firmware.board_vendor);
	bool is_amd = host->firmware.cpu.vendor == VIA_CPU_AMD;

	for (size_t i = 0; vendor && i < VIA_COUNT(menus); i++)
		if (strncasecmp(vendor, menus[i].vendor, strlen(menus[i].vendor)) == 0)
			return is_amd ? menus[i].amd : menus[i].intel;
	return is_amd ? amd : intel;
}
