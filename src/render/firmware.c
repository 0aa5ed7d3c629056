/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/firmware.h"

#include "base/cleanup.h"
#include "model/remapping.h"
#include "render/json.h"

enum { LABEL = 14 };

static void label(const struct via_paper *paper, const char *text)
{
	fputs("  ", paper->file);
	paper_pad(paper, VIA_STYLE_DIM, LABEL, text);
}

static void print_region(const struct via_paper *paper, const struct via_remapping *remapping,
			 const struct via_pci_device *device)
{
	const struct via_firmware_region *region = remapping_region(remapping, device);

	if (!region || pci_is_bridge(device))
		return;
	label(paper, "kept for it");
	if (region_is_relaxable(remapping, device))
		paper_print(paper, VIA_STYLE_PLAIN, "%s, let go when a guest takes it\n",
			    region->name);
	else
		paper_print(paper, VIA_STYLE_CARE, "%s: the kernel gives it to no guest\n",
			    region->name);
}

static void print_slot(const struct via_paper *paper, const struct via_smbios_slot *slot)
{
	label(paper, "on the board");
	paper_print(paper, VIA_STYLE_PLAIN, "%s", slot->designation);
	if (slot->lanes)
		paper_print(paper, VIA_STYLE_PLAIN, ", %u lane%s", slot->lanes,
			    slot->lanes == 1 ? "" : "s");
	paper_print(paper, VIA_STYLE_PLAIN, "\n");
}

void text_show_firmware(const struct via_paper *paper, const struct via_host *host,
			const struct via_pci_device *device)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_remapping *remapping = remapping_new(arena, host);
	const struct via_remapping_unit *unit = remapping_unit(remapping, host, device);
	const struct via_smbios_slot *slot = firmware_slot(host, device);

	if (slot)
		print_slot(paper, slot);
	if (!remapping->units.count)
		return;
	label(paper, "IOMMU unit");
	if (unit)
		paper_print(paper, VIA_STYLE_PLAIN, "%s%s\n", unit->name,
			    unit->graphics_only ? ", for graphics alone" : "");
	else
		paper_print(paper, VIA_STYLE_CARE, "none in firmware's table\n");
	print_region(paper, remapping, device);
}

json_t *json_show_firmware(const struct via_host *host, const struct via_pci_device *device)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_remapping *remapping = remapping_new(arena, host);
	const struct via_remapping_unit *unit = remapping_unit(remapping, host, device);
	const struct via_firmware_region *region = remapping_region(remapping, device);
	const struct via_smbios_slot *slot = firmware_slot(host, device);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o}", "unit", json_optional(unit ? unit->name : NULL),
		"reserved_region", json_optional(region ? region->name : NULL), "relaxable",
		region ? json_boolean(region_is_relaxable(remapping, device)) : json_null(), "slot",
		json_optional(slot ? slot->designation : NULL), "slot_lanes",
		slot && slot->lanes ? json_integer(slot->lanes) : json_null());
}
