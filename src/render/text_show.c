/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/show.h"

#include <string.h>

#include "base/cleanup.h"
#include "render/firmware.h"
#include "render/text_holders.h"

enum { LABEL = 14 };

void show_label(const struct via_paper *paper, const char *text)
{
	fputs("  ", paper->file);
	paper_pad(paper, VIA_STYLE_DIM, LABEL, text);
}

void show_line(const struct via_paper *paper, enum via_style style, const char *name,
	       const char *text)
{
	show_label(paper, name);
	paper_print(paper, style, "%s\n", text);
}

void show_fact(const struct via_paper *paper, const char *name, const struct via_fact *fact,
	       const char *none)
{
	show_label(paper, name);
	if (fact_is(fact, VIA_UNKNOWN))
		paper_print(paper, VIA_STYLE_CARE, "could not be told (%s: %s)\n",
			    errno_name(fact->error), fact->path);
	else if (fact_is(fact, VIA_PRESENT) && fact->text && *fact->text)
		paper_print(paper, VIA_STYLE_PLAIN, "%s\n", fact->text);
	else
		paper_print(paper, VIA_STYLE_PLAIN, "%s\n", none);
}

static void print_predicted(const struct via_paper *paper, const struct via_host *host,
			    const struct via_prediction *prediction, struct via_arena *arena,
			    const struct via_pci_device *device)
{
	const struct via_predicted *predicted = prediction_of(prediction, host, device);
	const struct via_predicted_group *group = prediction_group(prediction, predicted);
	const char *with = "";

	if (group)
		via_for_each (member, &group->devices)
			if (*member != device)
				with = arena_printf(arena, "%s%s%s", with, *with ? ", " : "",
						    (*member)->name);
	show_label(paper, "predicted");
	if (!group)
		paper_print(paper, VIA_STYLE_CARE, "%s: ",
			    fact_is(&predicted->fact, VIA_UNKNOWN) ? "could not be told" : "none");
	else if (*with)
		paper_print(paper, VIA_STYLE_PLAIN, "would be in a group with %s because ", with);
	else
		paper_print(paper, VIA_STYLE_PLAIN, "would be in a group of its own: ");
	paper_print(paper, VIA_STYLE_PLAIN, "%s\n",
		    prediction_because(host, prediction, predicted, arena));
	via_for_each (note, &prediction->notes) {
		show_label(paper, "");
		paper_print(paper, VIA_STYLE_CARE, "%s\n", *note);
	}
}

static void print_group(const struct via_paper *paper, const struct via_host *host,
			struct via_arena *arena, const struct via_pci_device *device)
{
	const struct via_prediction *prediction = prediction_new(arena, host);
	const struct via_pci_group *group;

	show_fact(paper, "group", &device->group, "none: no IOMMU translates it");
	if (!fact_is(&device->group, VIA_PRESENT)) {
		print_predicted(paper, host, prediction, arena, device);
		return;
	}
	group = pci_group(&host->pci, device->group.number);
	if (!group)
		return;
	show_label(paper, "why");
	paper_print(paper, VIA_STYLE_PLAIN, "%s\n", group_why(host, prediction, group, arena));
	via_for_each (member, &group->devices) {
		if (*member == device)
			continue;
		show_label(paper, "with");
		paper_print(paper, VIA_STYLE_PLAIN, "%s (%s)%s\n", (*member)->name,
			    pci_driver_words(&(*member)->driver),
			    pci_member_blocks(*member) ? ": blocks the group until it is released"
			    : (*member)->dma_device == device ? ": goes with it"
							      : "");
	}
	show_fact(paper, "reserved", &group->reserved_regions, "none");
}

static const char *modules_of(const struct via_pci_device *device, struct via_arena *arena)
{
	char *text = arena_strdup(arena, "");

	via_for_each (name, &device->modules)
		text = arena_printf(arena, "%s%s%s", text, *text ? " " : "", *name);
	return text;
}

/* "10de:2684 class 030000 revision a1"; what could not be told is no zero. */
static void print_ids(const struct via_paper *paper, struct via_arena *arena,
		      const struct via_pci_device *device)
{
	const struct {
		const char *before;
		const struct via_fact *fact;
		int digits;
	} parts[] = {
		{ "", &device->vendor, 4 },
		{ ":", &device->device, 4 },
		{ " class ", &device->class_code, 6 },
		{ " revision ", &device->revision, 2 },
		{ " subsystem ", &device->subsystem_vendor, 4 },
		{ ":", &device->subsystem_device, 4 },
	};

	show_label(paper, "ids");
	for (size_t i = 0; i < VIA_COUNT(parts); i++)
		paper_print(paper, VIA_STYLE_PLAIN, "%s%s", parts[i].before,
			    fact_is(parts[i].fact, VIA_PRESENT)
				    ? arena_printf(arena, "%0*llx", parts[i].digits,
						   (unsigned long long)parts[i].fact->number)
				    : "?");
	fputc('\n', paper->file);
}

void text_show(const struct via_paper *paper, const struct via_host *host,
	       struct via_pci_names *names, const struct via_device_detail *detail)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_pci_device *device = detail->device;
	struct via_fact modules = device->modules_known;

	if (fact_is(&modules, VIA_PRESENT))
		modules.text = modules_of(device, arena);
	paper_print(paper, VIA_STYLE_BOLD, "%s %s\n", device->name,
		    device_label(names, arena, device));
	print_ids(paper, arena, device);
	show_fact(paper, "driver", &device->driver, "none");
	show_fact(paper, "modules", &modules, "none claims it");
	show_drivers(paper, detail, arena);
	print_group(paper, host, arena, device);
	text_holders(paper, device);
	show_keepers(paper, host, device, arena);
	show_kind(paper, host, detail, arena);
	show_virtual(paper, host, detail, arena);
	show_reset(paper, host, detail, arena);
	show_power(paper, detail, arena);
	show_place(paper, host, detail, arena);
	text_show_firmware(paper, host, device);
	show_hardware(paper, detail, arena);
}
