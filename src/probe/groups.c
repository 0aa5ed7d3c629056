/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/split.h"
#include "sys/place.h"

static const char base[] = "sys/kernel/iommu_groups";

enum { PORTION = 128 };

struct grouping {
	const struct via_root *root;
	struct via_host *host;
	int at; /* base, or -1 */
};

/* Only VFIO names a group, and only where it may make one without an IOMMU. */
static bool may_have_name(const struct via_host *host)
{
	return !fact_is(&host->kernel.noiommu, VIA_ABSENT);
}

/* Groups have regions of firmware's own only where its table names some. */
static bool may_reserve(const struct via_host *host)
{
	const struct via_firmware *firmware = &host->firmware;

	if (!firmware->dmar.decoded && !firmware->ivrs.decoded)
		return true;
	return firmware->dmar.reserved_regions || firmware->ivrs.reserved_regions;
}

/* A handle pays from two files on. */
static struct via_fact type_alone(const struct grouping *grouping, struct via_arena *arena,
				  const char *path)
{
	struct via_place place = { .root = grouping->root, .path = base, .fd = grouping->at };
	struct via_fact type = place_text(&place, arena, path + sizeof(base));

	type.path = fact_is(&type, VIA_UNKNOWN) ? arena_strdup(arena, path) : "type";
	return type;
}

static void probe_group(const struct grouping *grouping, struct via_arena *arena,
			struct via_pci_group *group)
{
	const struct via_host *host = grouping->host;
	bool reserves = !host->lean || may_reserve(host);
	char path[sizeof(base) + 32];
	struct via_place place;

	group->name = fact_absent("name");
	group->reserved_regions = fact_absent("reserved_regions");
	snprintf(path, sizeof(path), "%s/%llu/type", base, (unsigned long long)group->id);
	if (!may_have_name(host) && !reserves && grouping->at >= 0) {
		group->type = type_alone(grouping, arena, path);
		return;
	}
	path[strlen(path) - strlen("/type")] = '\0';
	place = place_enter(grouping->root, grouping->at, path + sizeof(base), path);
	if (may_have_name(host))
		group->name = place_text(&place, arena, "name");
	group->type = place_text(&place, arena, "type");
	if (reserves)
		group->reserved_regions = place_text(&place, arena, "reserved_regions");
	place_leave(&place);
}

static void probe_portion(void *context, struct via_arena *arena, size_t first, size_t end)
{
	const struct grouping *grouping = context;

	for (size_t i = first; i < end; i++)
		probe_group(grouping, arena, &grouping->host->pci.groups.items[i]);
}

static int compare_groups(const void *a, const void *b)
{
	uint64_t first = ((const struct via_pci_group *)a)->id;
	uint64_t second = ((const struct via_pci_group *)b)->id;

	return (first > second) - (first < second);
}

static struct via_pci_group *find(struct via_pci *pci, uint64_t id)
{
	struct via_pci_group key = { .id = id };

	if (id < pci->groups.count && pci->groups.items[id].id == id)
		return &pci->groups.items[id];
	return pci->groups.count ? bsearch(&key, pci->groups.items, pci->groups.count, sizeof(key),
					   compare_groups)
				 : NULL;
}

/* A function that does not tell its group may be in any of them. */
static void note_untold(struct via_host *host)
{
	const struct via_fact *untold =
		fact_is(&host->pci.bus, VIA_UNKNOWN) ? &host->pci.bus : NULL;

	via_for_each (device, &host->pci.devices)
		if (!untold && fact_is(&device->group, VIA_UNKNOWN))
			untold = &device->group;
	if (untold)
		via_for_each (group, &host->pci.groups)
			group->members = *untold;
}

/* Each function's link names its group; which spares a listing of every group. */
static void add_members(struct via_host *host)
{
	via_for_each (device, &host->pci.devices) {
		struct via_pci_group *group = fact_is(&device->group, VIA_PRESENT)
						      ? find(&host->pci, device->group.number)
						      : NULL;

		if (group)
			*via_list_add(host->arena, &group->devices) = device;
	}
}

/* Of what is no PCI function, or of a tree that holds no links. */
static void list_members(const struct via_root *root, struct via_host *host,
			 struct via_pci_group *group)
{
	struct via_names members;

	group->members = root_entries(root, host->arena, &members, "%s/%llu/devices", base,
				      (unsigned long long)group->id);
	via_for_each (member, &members) {
		struct via_pci_address address;
		const struct via_pci_device *device;

		if (address_parse(*member, &address) < 0)
			continue;
		device = pci_find(&host->pci, address);
		if (device)
			*via_list_add(host->arena, &group->devices) = device;
		else /* it is there, and nothing is known of it */
			group->members = fact_unknown(group->members.path, ENODEV);
	}
}

static void lay_out(struct via_pci *pci, struct via_arena *arena, size_t room)
{
	pci->groups.items = arena_alloc(arena, (room + 1) * sizeof(*pci->groups.items));
	pci->groups.capacity = room;
}

static void sort(struct via_pci *pci)
{
	qsort(pci->groups.items, pci->groups.count, sizeof(*pci->groups.items), compare_groups);
}

/* A source may hold the functions, each of which names its group, and not the groups. */
static void name_by_functions(struct via_host *host)
{
	struct via_pci *pci = &host->pci;
	size_t untold = 0, kept = 0;

	lay_out(pci, host->arena, pci->devices.count);
	via_for_each (device, &pci->devices) {
		untold += fact_is(&device->group, VIA_UNKNOWN);
		if (fact_is(&device->group, VIA_PRESENT))
			pci->groups.items[pci->groups.count++].id = device->group.number;
	}
	sort(pci);
	for (size_t i = 0; i < pci->groups.count; i++)
		if (!i || pci->groups.items[i].id != pci->groups.items[i - 1].id)
			pci->groups.items[kept++].id = pci->groups.items[i].id;
	pci->groups.count = kept;
	if (kept && !untold)
		pci->groups_directory =
			fact_present("sys/bus/pci/devices/*/iommu_group", NULL, kept);
}

static void list_groups(const struct via_root *root, struct via_host *host)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names;

	host->pci.groups_directory = root_listing(root, arena, &names, "%s", base);
	host->pci.groups_directory.path = base;
	lay_out(&host->pci, host->arena, names.count);
	via_for_each (name, &names)
		host->pci.groups.items[host->pci.groups.count++].id = strtoull(*name, NULL, 10);
	sort(&host->pci);
	if (fact_is(&host->pci.groups_directory, VIA_UNKNOWN))
		name_by_functions(host);
}

void probe_groups(const struct via_root *root, struct via_host *host)
{
	_cleanup_close_ int at = place_open_directory(root, base);
	struct grouping grouping = { .root = root, .host = host, .at = at };

	list_groups(root, host);
	if (place_is_quick(root))
		split_run(host->arena, host->pci.groups.count, PORTION, probe_portion, &grouping);
	else
		probe_portion(&grouping, host->arena, 0, host->pci.groups.count);
	note_untold(host);
	add_members(host);
	via_for_each (group, &host->pci.groups)
		if (!group->devices.count)
			list_members(root, host, group);
}
