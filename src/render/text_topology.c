/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/list.h"

#include <string.h>

#include "base/cleanup.h"

static void print_device(const struct via_paper *paper, struct via_pci_names *names,
			 struct via_arena *arena, const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);

	paper_print(paper, VIA_STYLE_BOLD, "%s", device->name);
	paper_print(paper, VIA_STYLE_PLAIN, " %s", device_label(names, arena, device));
	paper_print(paper, VIA_STYLE_DIM, " (%s%s)\n",
		    driver ? driver : (fact_is(&device->driver, VIA_UNKNOWN) ? "?" : "no driver"),
		    fact_is(&device->physfn, VIA_PRESENT) ? ", VF" : "");
}

/* What is filtered out stands in the tree all the same where it leads to what is not. */
static bool leads_to_taken(const struct via_host *host, const struct via_list_filter *filter,
			   const struct via_pci_device *device)
{
	if (filter_takes(filter, host, device))
		return true;
	via_for_each (below, &host->pci.devices)
		if (below->parent == device && leads_to_taken(host, filter, below))
			return true;
	return false;
}

static void print_below(const struct via_paper *paper, const struct via_host *host,
			struct via_pci_names *names, struct via_arena *arena,
			const struct via_list_filter *filter, const struct via_pci_device *parent,
			unsigned int depth)
{
	via_for_each (device, &host->pci.devices) {
		if (device->parent != parent || depth > 32 || !leads_to_taken(host, filter, device))
			continue;
		fprintf(paper->file, "%*s%s", (int)(depth * 2), "",
			depth ? paper_symbol(paper, "└ ", "`-") : "");
		print_device(paper, names, arena, device);
		print_below(paper, host, names, arena, filter, device, depth + 1);
	}
}

void text_tree(const struct via_paper *paper, const struct via_host *host,
	       struct via_pci_names *names, const struct via_list_filter *filter)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	print_below(paper, host, names, arena, filter, NULL, 0);
}

/* A group is shown whole: what shares it is what matters. */
static bool group_is_taken(const struct via_host *host, const struct via_list_filter *filter,
			   const struct via_pci_group *group)
{
	via_for_each (member, &group->devices)
		if (filter_takes(filter, host, *member))
			return true;
	return !group->devices.count && (!filter->has_group || filter->group == group->id);
}

static void print_members(const struct via_paper *paper, struct via_pci_names *names,
			  struct via_arena *arena, const struct via_pci_device *const *devices,
			  size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool blocks = pci_member_blocks(devices[i]);

		paper_print(paper, blocks ? VIA_STYLE_CARE : VIA_STYLE_GOOD, "  %s ",
			    blocks ? paper_symbol(paper, "■", "#") : paper_symbol(paper, "□", "o"));
		print_device(paper, names, arena, devices[i]);
	}
}

static void print_unpredicted(const struct via_paper *paper, const struct via_host *host,
			      struct via_pci_names *names, struct via_arena *arena,
			      const struct via_prediction *prediction)
{
	via_for_each (device, &host->pci.devices) {
		const struct via_predicted *predicted = prediction_of(prediction, host, device);
		const struct via_pci_device *const one = device;

		if (fact_is(&predicted->fact, VIA_PRESENT))
			continue;
		paper_print(paper, VIA_STYLE_BOLD,
			    fact_is(&predicted->fact, VIA_UNKNOWN) ? "not predicted" : "no group");
		paper_print(paper, VIA_STYLE_DIM, ": %s\n", prediction_why_one(predicted, arena));
		print_members(paper, names, arena, &one, 1);
	}
}

/* The groups that would form; they have no numbers, since the kernel gives those. */
static void print_prediction(const struct via_paper *paper, const struct via_host *host,
			     struct via_pci_names *names, struct via_arena *arena,
			     const struct via_prediction *prediction)
{
	if (!host->pci.devices.count)
		return;
	paper_wrap(paper, VIA_STYLE_PLAIN, 0,
		   "Predicted, by the rules of Linux 6.12: these would form if the IOMMU were "
		   "switched on.");
	via_for_each (note, &prediction->notes)
		paper_wrap(paper, VIA_STYLE_CARE, 0, *note);
	via_for_each (group, &prediction->groups) {
		paper_print(paper, VIA_STYLE_BOLD, "predicted group");
		paper_print(paper, VIA_STYLE_DIM, ": %s\n",
			    prediction_why(prediction, host, group, arena));
		print_members(paper, names, arena, group->devices.items, group->devices.count);
	}
	print_unpredicted(paper, host, names, arena, prediction);
}

static void print_group(const struct via_paper *paper, const struct via_host *host,
			struct via_pci_names *names, struct via_arena *arena,
			const struct via_prediction *prediction, const struct via_pci_group *group)
{
	paper_print(paper, VIA_STYLE_BOLD, "group %llu", (unsigned long long)group->id);
	if (fact_text(&group->type))
		paper_print(paper, VIA_STYLE_DIM, " %s", group->type.text);
	paper_print(paper, VIA_STYLE_DIM, ": %s\n", group_why(host, prediction, group, arena));
	print_members(paper, names, arena, group->devices.items, group->devices.count);
}

void text_groups(const struct via_paper *paper, const struct via_host *host,
		 struct via_pci_names *names, const struct via_list_filter *filter)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_prediction *prediction = prediction_new(arena, host);

	if (!host->pci.groups.count)
		paper_wrap(paper, VIA_STYLE_PLAIN, 0,
			   fact_is(&host->pci.groups_directory, VIA_UNKNOWN)
				   ? "The groups could not be read from this source."
				   : "No groups: no IOMMU is driven here.");
	if (!host->pci.groups.count && !filter->has_group)
		print_prediction(paper, host, names, arena, prediction);
	via_for_each (group, &host->pci.groups)
		if (group_is_taken(host, filter, group))
			print_group(paper, host, names, arena, prediction, group);
}
