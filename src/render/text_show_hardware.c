/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "render/show.h"

/* 256 MiB, 16 GiB: the largest unit that leaves nothing over. */
static const char *size_text(struct via_arena *arena, uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	size_t unit = 0;

	while (unit + 1 < VIA_COUNT(units) && bytes >= 1024 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	return arena_printf(arena, "%llu %s", (unsigned long long)bytes, units[unit]);
}

static void show_link(const struct via_paper *paper, const struct via_device_detail *detail,
		      struct via_arena *arena)
{
	struct via_device_link link;
	bool degraded;

	if (!device_link(detail->device, &link))
		return;
	degraded = device_link_degraded(&link);
	show_line(paper, degraded ? VIA_STYLE_CARE : VIA_STYLE_PLAIN, "link",
		  arena_printf(arena, "%s GT/s x%u of %s GT/s x%u%s%s", link.speed, link.width,
			       link.max_speed, link.max_width,
			       link.port_max_speed
				       ? arena_printf(arena, "; the port above can %s GT/s x%u",
						      link.port_max_speed, link.port_max_width)
				       : "",
			       degraded ? "; less than both can (an idle graphics card lowers its "
					  "speed, never its width)"
					: ""));
}

static const struct via_capability_field *capability_value(const struct via_pci_device *device,
							   const char *capability,
							   const char *field)
{
	const struct via_capability *found = capability_find(&device->capabilities, capability);

	return found ? capability_field(found, field) : NULL;
}

static void show_interrupts(const struct via_paper *paper, const struct via_device_detail *detail,
			    struct via_arena *arena)
{
	const struct via_capability_field *msix =
		capability_value(detail->device, "msix", "table_size");
	const struct via_capability *msi = capability_find(&detail->device->capabilities, "msi");
	const char *used = "";

	if (fact_is(&detail->vectors, VIA_PRESENT))
		used = arena_printf(arena, ", %llu in use",
				    (unsigned long long)detail->vectors.number);
	if (msix)
		show_line(paper, VIA_STYLE_PLAIN, "interrupts",
			  arena_printf(arena, "MSI-X, %llu vectors%s",
				       (unsigned long long)msix->value, used));
	else if (msi)
		show_line(paper, VIA_STYLE_PLAIN, "interrupts", arena_printf(arena, "MSI%s", used));
}

static void show_errors(const struct via_paper *paper, const struct via_device_detail *detail,
			struct via_arena *arena)
{
	uint64_t correctable = fact_number(&detail->errors_correctable, 0);
	uint64_t nonfatal = fact_number(&detail->errors_nonfatal, 0);
	uint64_t fatal = fact_number(&detail->errors_fatal, 0);

	if (!fact_is(&detail->errors_correctable, VIA_PRESENT))
		return;
	show_line(paper, nonfatal || fatal ? VIA_STYLE_BAD : VIA_STYLE_PLAIN, "errors (AER)",
		  arena_printf(arena, "%llu correctable, %llu non-fatal, %llu fatal since boot",
			       (unsigned long long)correctable, (unsigned long long)nonfatal,
			       (unsigned long long)fatal));
}

static void show_bars(const struct via_paper *paper, const struct via_pci_device *device,
		      struct via_arena *arena)
{
	for (size_t i = 0; i < device->resource_count && i < VIA_ROM; i++) {
		const struct via_resource *bar = &device->resources[i];

		if (!bar->flags || (!bar->start && !bar->end))
			continue;
		show_line(paper, VIA_STYLE_PLAIN, "BAR",
			  arena_printf(arena, "%zu at 0x%llx, %s%s%s", i,
				       (unsigned long long)bar->start,
				       size_text(arena, bar->end - bar->start + 1),
				       bar->flags & 0x100 ? ", I/O" : "",
				       bar->flags & 0x2000 ? ", prefetchable" : ""));
	}
}

static const char *possible_sizes(struct via_arena *arena, const char *bitmap)
{
	unsigned long long bits = strtoull(bitmap, NULL, 16);
	char *text = arena_strdup(arena, "");

	for (unsigned int bit = 0; bit < 44; bit++)
		if (bits >> bit & 1)
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "",
					    size_text(arena, UINT64_C(1) << (bit + 20)));
	return text;
}

static void show_rebar(const struct via_paper *paper, const struct via_device_detail *detail,
		       struct via_arena *arena)
{
	struct via_device_rebar rebars[VIA_BARS];
	size_t count = device_rebars(detail->device, rebars);

	for (size_t i = 0; i < count; i++) {
		bool small = rebars[i].size < rebars[i].largest;

		show_line(paper, VIA_STYLE_PLAIN, "resizable",
			  arena_printf(
				  arena, "BAR %u: %s now, up to %s%s", rebars[i].bar,
				  size_text(arena, rebars[i].size),
				  size_text(arena, rebars[i].largest),
				  small && fact_is(&detail->resizes, VIA_ABSENT)
					  ? "; this kernel cannot resize it from outside (6.1 can)"
					  : ""));
	}
	for (unsigned int i = 0; i < VIA_BARS; i++)
		if (fact_text(&detail->resize[i]))
			show_line(paper, VIA_STYLE_PLAIN, "",
				  arena_printf(arena, "BAR %u can be %s", i,
					       possible_sizes(arena, detail->resize[i].text)));
}

static void show_rom(const struct via_paper *paper, const struct via_device_detail *detail,
		     struct via_arena *arena)
{
	struct via_device_rom rom = device_rom(detail->device);

	if (!fact_is(&detail->rom, VIA_PRESENT)) {
		show_fact(paper, "ROM", &detail->rom, "none");
		return;
	}
	show_line(paper, VIA_STYLE_PLAIN, "ROM",
		  arena_printf(arena, "%s%s; not read (that takes an enabled, powered device)",
			       rom.size ? size_text(arena, rom.size) : "there, without an address",
			       rom.shadow ? ", a shadow copy that firmware left, which may differ"
					  : ""));
}

static void show_capabilities(const struct via_paper *paper, const struct via_pci_device *device)
{
	if (!fact_is(&device->config.fact, VIA_PRESENT)) {
		show_fact(paper, "capabilities", &device->config.fact, "not asked");
		return;
	}
	if (!device->capabilities.standard_read)
		show_line(paper, VIA_STYLE_CARE, "capabilities",
			  "could not be told (only root may read them)");
	if (device->capabilities.trouble)
		show_line(paper, VIA_STYLE_BAD, "trouble", device->capabilities.trouble);
	via_for_each (capability, &device->capabilities.list) {
		show_label(paper,
			   capability == device->capabilities.list.items ? "capabilities" : "");
		paper_print(paper, VIA_STYLE_PLAIN, "0x%03x %s\n", capability->offset,
			    capability->name);
	}
}

void show_hardware(const struct via_paper *paper, const struct via_device_detail *detail,
		   struct via_arena *arena)
{
	show_link(paper, detail, arena);
	show_interrupts(paper, detail, arena);
	show_errors(paper, detail, arena);
	show_bars(paper, detail->device, arena);
	show_rebar(paper, detail, arena);
	show_rom(paper, detail, arena);
	show_capabilities(paper, detail->device);
}
