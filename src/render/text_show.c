/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/list.h"
#include "render/text_holders.h"

#include <string.h>

#include "base/cleanup.h"
#include "render/firmware.h"

enum { LABEL = 14 };

static void label(const struct via_paper *paper, const char *text)
{
	fputs("  ", paper->file);
	paper_pad(paper, VIA_STYLE_DIM, LABEL, text);
}

static void print_fact(const struct via_paper *paper, const char *name, const struct via_fact *fact,
		       const char *none)
{
	label(paper, name);
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
	label(paper, "predicted");
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
		label(paper, "");
		paper_print(paper, VIA_STYLE_CARE, "%s\n", *note);
	}
}

static void print_group(const struct via_paper *paper, const struct via_host *host,
			struct via_arena *arena, const struct via_pci_device *device)
{
	const struct via_prediction *prediction = prediction_new(arena, host);
	const struct via_pci_group *group;

	print_fact(paper, "group", &device->group, "none: no IOMMU translates it");
	if (!fact_is(&device->group, VIA_PRESENT)) {
		print_predicted(paper, host, prediction, arena, device);
		return;
	}
	group = pci_group(&host->pci, device->group.number);
	if (!group)
		return;
	label(paper, "why");
	paper_print(paper, VIA_STYLE_PLAIN, "%s\n", group_why(host, prediction, group, arena));
	via_for_each (member, &group->devices) {
		const char *driver = fact_text(&(*member)->driver);

		if (*member == device)
			continue;
		label(paper, "with");
		paper_print(paper, VIA_STYLE_PLAIN, "%s (%s)%s\n", (*member)->name,
			    driver ? driver : "no driver",
			    driver && !pci_driver_shares_group(driver)
				    ? ": blocks the group until it is released"
				    : "");
	}
	print_fact(paper, "reserved", &group->reserved_regions, "none");
}

static void print_sriov(const struct via_paper *paper, const struct via_pci_device *device)
{
	if (fact_is(&device->physfn, VIA_PRESENT))
		print_fact(paper, "VF of", &device->physfn, "");
	if (!fact_number(&device->sriov_total, 0))
		return;
	label(paper, "VFs");
	paper_print(paper, VIA_STYLE_PLAIN, "%zu of %llu enabled\n", device->virtfns.count,
		    (unsigned long long)device->sriov_total.number);
}

static void print_bars(const struct via_paper *paper, const struct via_pci_device *device)
{
	for (size_t i = 0; i < device->resource_count && i <= VIA_ROM; i++) {
		const struct via_resource *bar = &device->resources[i];

		if (!bar->flags || (!bar->start && !bar->end))
			continue;
		label(paper, i == VIA_ROM ? "ROM" : "BAR");
		paper_print(paper, VIA_STYLE_PLAIN, "%zu at 0x%llx, %llu KiB%s%s\n", i,
			    (unsigned long long)bar->start,
			    (unsigned long long)(bar->end - bar->start + 1) / 1024,
			    bar->flags & 0x100 ? ", I/O" : "",
			    bar->flags & 0x2000 ? ", prefetchable" : "");
	}
}

static void print_capabilities(const struct via_paper *paper, const struct via_pci_device *device)
{
	if (!fact_is(&device->config.fact, VIA_PRESENT)) {
		print_fact(paper, "capabilities", &device->config.fact, "not asked");
		return;
	}
	if (!device->capabilities.standard_read) {
		label(paper, "capabilities");
		paper_print(paper, VIA_STYLE_CARE, "could not be told (only root may read them)\n");
	}
	if (device->capabilities.trouble) {
		label(paper, "trouble");
		paper_print(paper, VIA_STYLE_BAD, "%s\n", device->capabilities.trouble);
	}
	via_for_each (capability, &device->capabilities.list) {
		label(paper, capability == device->capabilities.list.items ? "capabilities" : "");
		paper_print(paper, VIA_STYLE_PLAIN, "0x%03x %s\n", capability->offset,
			    capability->name);
	}
}

static const char *modules_of(const struct via_pci_device *device, struct via_arena *arena)
{
	char *text = arena_strdup(arena, "");

	via_for_each (name, &device->modules)
		text = arena_printf(arena, "%s%s%s", text, *text ? " " : "", *name);
	return text;
}

void text_show(const struct via_paper *paper, const struct via_host *host,
	       struct via_pci_names *names, const struct via_pci_device *device)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact modules = device->modules_known;

	if (fact_is(&modules, VIA_PRESENT))
		modules.text = modules_of(device, arena);
	paper_print(paper, VIA_STYLE_BOLD, "%s %s\n", device->name,
		    device_label(names, arena, device));
	label(paper, "ids");
	paper_print(paper, VIA_STYLE_PLAIN, "%04llx:%04llx class %06llx revision %02llx\n",
		    (unsigned long long)fact_number(&device->vendor, 0),
		    (unsigned long long)fact_number(&device->device, 0),
		    (unsigned long long)fact_number(&device->class_code, 0),
		    (unsigned long long)fact_number(&device->revision, 0));
	print_fact(paper, "driver", &device->driver, "none");
	print_fact(paper, "modules", &modules, "none claims it");
	print_group(paper, host, arena, device);
	text_holders(paper, device);
	print_sriov(paper, device);
	print_fact(paper, "reset", &device->reset_method,
		   fact_is(&device->reset, VIA_PRESENT) ? "possible; method not told" : "none");
	print_fact(paper, "power", &device->power_state, "not told by this kernel");
	print_fact(paper, "NUMA node", &device->numa_node, "not told");
	print_fact(paper, "slot", &device->slot, "not told");
	text_show_firmware(paper, host, device);
	print_bars(paper, device);
	print_capabilities(paper, device);
}
