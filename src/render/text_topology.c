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

void text_groups(const struct via_paper *paper, const struct via_host *host,
		 struct via_pci_names *names, const struct via_list_filter *filter)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	if (!host->pci.groups.count)
		paper_wrap(paper, VIA_STYLE_PLAIN, 0,
			   fact_is(&host->pci.groups_directory, VIA_UNKNOWN)
				   ? "The groups could not be read from this source."
				   : "No groups: no IOMMU is driven here.");
	via_for_each (group, &host->pci.groups) {
		if (!group_is_taken(host, filter, group))
			continue;
		paper_print(paper, VIA_STYLE_BOLD, "group %llu", (unsigned long long)group->id);
		if (fact_text(&group->type))
			paper_print(paper, VIA_STYLE_DIM, " %s", group->type.text);
		paper_print(paper, VIA_STYLE_DIM, ": %s\n", group_why(host, group, arena));
		via_for_each (member, &group->devices) {
			bool blocks = fact_text(&(*member)->driver) &&
				      !pci_driver_shares_group((*member)->driver.text);

			paper_print(paper, blocks ? VIA_STYLE_CARE : VIA_STYLE_GOOD, "  %s ",
				    blocks ? paper_symbol(paper, "■", "#")
					   : paper_symbol(paper, "□", "o"));
			print_device(paper, names, arena, *member);
		}
	}
}
