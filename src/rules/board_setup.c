/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/board.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"

static const struct {
	const char *intel, *amd;
} switches[] = {
	[VIA_SWITCH_CPU] = { "Intel Virtualization Technology (VMX)", "SVM Mode" },
	[VIA_SWITCH_IOMMU] = { "VT-d (Intel VT for Directed I/O)", "IOMMU" },
	[VIA_SWITCH_SRIOV] = { "SR-IOV Support", "SR-IOV Support" },
	[VIA_SWITCH_ABOVE_4G] = { "Above 4G Decoding", "Above 4G Decoding" },
	[VIA_SWITCH_REBAR] = { "Re-Size BAR Support", "Re-Size BAR Support" },
	[VIA_SWITCH_ACS] = { "ACS Control", "ACS Enable" },
	[VIA_SWITCH_ARI] = { "ARI Support", "PCIe ARI Support" },
	[VIA_SWITCH_INTERRUPTS] = { "Interrupt Remapping", "IOMMU" },
};
_Static_assert(VIA_COUNT(switches) == VIA_SWITCHES, "every switch has its names");

static bool starts(const struct via_fact *fact, const char *prefix)
{
	return fact_text(fact) && strncasecmp(fact->text, prefix, strlen(prefix)) == 0;
}

static bool holds(const struct via_fact *fact, const char *part)
{
	return fact_text(fact) && strcasestr(fact->text, part);
}

static bool fits(const struct via_menu *menu, const struct via_firmware *firmware)
{
	const struct via_fact *vendor = &firmware->board_vendor;

	if (!fact_text(vendor) || smbios_text_is_filler(vendor->text))
		vendor = &firmware->system_vendor;
	if (!starts(vendor, menu->vendor))
		return false;
	return !menu->product || holds(&firmware->product_name, menu->product) ||
	       holds(&firmware->product_version, menu->product) ||
	       holds(&firmware->board_name, menu->product);
}

static const struct via_menu *menu_of(const struct via_host *host)
{
	for (size_t i = 0; i < board_menu_count; i++)
		if (fits(&board_menus[i], &host->firmware))
			return &board_menus[i];
	return &board_menu_generic;
}

struct via_setup_path board_setup(const struct via_host *host, enum via_switch which)
{
	bool amd = host->firmware.cpu.vendor == VIA_CPU_AMD;
	const struct via_menu *menu = menu_of(host);
	const char *path = amd ? menu->amd[which] : menu->intel[which];
	struct via_setup_path setup = {
		.maker = menu->maker,
		.name = amd ? switches[which].amd : switches[which].intel,
		.path = path,
		.certainty = path ? menu->certainty : VIA_CERTAINTY_GENERIC,
	};

	if (starts(&host->firmware.system_vendor, "Apple")) {
		setup.maker = "Apple";
		setup.path = NULL;
	} else if (!path) {
		setup.path = amd ? board_menu_generic.amd[which] : board_menu_generic.intel[which];
	}
	return setup;
}

const char *board_setup_text(struct via_arena *arena, const struct via_host *host,
			     enum via_switch which)
{
	struct via_setup_path setup = board_setup(host, which);

	if (!setup.path)
		return arena_printf(arena,
				    "A Mac has no setup menu for \"%s\": what its firmware "
				    "sets is all there is.",
				    setup.name);
	if (setup.certainty == VIA_CERTAINTY_GENERIC)
		return arena_printf(arena,
				    "Switch on \"%s\" in the setup menu (on many boards: %s).",
				    setup.name, setup.path);
	return arena_printf(
		arena, "Switch on \"%s\" in the setup menu (%s %s: %s).", setup.name, setup.maker,
		setup.certainty == VIA_CERTAINTY_USUAL ? "usually" : "perhaps", setup.path);
}

void finding_setup(struct via_finding *finding, const struct via_host *host, enum via_switch which,
		   const char *more)
{
	finding_manual(finding, "%s%s%s", board_setup_text(finding->arena, host, which),
		       *more ? " " : "", more);
}
