/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/holding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "probe/probe.h"

enum { ADDRESS_MIN = sizeof("0000:00:00.0") - 1 };

static int compare(const void *a, const void *b)
{
	return address_compare((*(struct via_pci_device *const *)a)->address,
			       (*(struct via_pci_device *const *)b)->address);
}

struct via_holding holding_begin(const struct via_root *root, const struct via_queries *queries,
				 struct via_host *host)
{
	struct via_holding holding = {
		.root = root, .queries = queries, .host = host, .arena = host->arena
	};
	size_t count = host->pci.devices.count;

	holding.sorted = arena_alloc(host->arena, (count + 1) * sizeof(*holding.sorted));
	for (size_t i = 0; i < count; i++)
		holding.sorted[i] = &host->pci.devices.items[i];
	qsort(holding.sorted, count, sizeof(*holding.sorted), compare);
	return holding;
}

static struct via_pci_device *find(const struct via_holding *holding,
				   struct via_pci_address address)
{
	const struct via_pci_device key = { .address = address }, *wanted = &key;
	struct via_pci_device **found =
		bsearch(&wanted, holding->sorted, holding->host->pci.devices.count,
			sizeof(*holding->sorted), compare);

	return found ? *found : NULL;
}

struct via_pci_device *holding_owner(const struct via_holding *holding, const char *path)
{
	const char *end = path + strlen(path);

	while (end > path) {
		const char *start = end;
		char part[PCI_ADDRESS_TEXT];
		struct via_pci_address address;

		while (start > path && start[-1] != '/')
			start--;
		if ((size_t)(end - start) >= ADDRESS_MIN && (size_t)(end - start) < sizeof(part)) {
			memcpy(part, start, (size_t)(end - start));
			part[end - start] = '\0';
			if (address_parse(part, &address) == 0)
				return find(holding, address);
		}
		end = start > path ? start - 1 : path;
	}
	return NULL;
}

void holding_add(const struct via_holding *holding, struct via_pci_device *device,
		 struct via_holder holder)
{
	via_for_each (known, &device->holders)
		if (strcmp(known->what, holder.what) == 0)
			return;
	*via_list_add(holding->arena, &device->holders) = holder;
}

/* The first reason stays. */
static void note(struct via_fact *known, struct via_fact fact)
{
	if (fact_is(&fact, VIA_UNKNOWN) && !fact_is(known, VIA_UNKNOWN))
		*known = fact;
}

void holding_untold(struct via_pci_device *device, struct via_fact fact)
{
	note(&device->holders_known, fact);
}

/* What few hosts have (ZFS, mdev), a captured tree may lack with all that is above it. */
static bool is_left_out(struct via_fact fact)
{
	return fact_is(&fact, VIA_UNKNOWN) && fact.error == ENODATA;
}

void holding_untold_all(struct via_holding *holding, struct via_fact fact)
{
	if (!is_left_out(fact))
		note(&holding->untold, fact);
}

void holding_unmade_all(struct via_holding *holding, struct via_fact fact)
{
	note(&holding->unmade, fact);
}

struct via_pci_device *holding_behind(struct via_holding *holding, const char *directory,
				      const char *entry, struct via_fact *ret_link)
{
	struct via_fact link =
		root_link_target(holding->root, holding->arena, "%s/%s", directory, entry);

	/* A file among the links is an attribute of the class: bonding_masters. */
	if (fact_is(&link, VIA_UNKNOWN) && link.error == EINVAL)
		link = fact_absent(link.path);
	if (ret_link)
		*ret_link = link;
	return fact_text(&link) ? holding_owner(holding, link.text) : NULL;
}

struct via_fact holding_class(struct via_holding *holding, const char *name,
			      void (*each)(struct via_holding *holding,
					   struct via_pci_device *device, const char *entry))
{
	const char *directory = arena_printf(holding->arena, "sys/class/%s", name);
	struct via_names entries;
	struct via_fact known =
		root_entries(holding->root, holding->arena, &entries, "%s", directory);

	via_for_each (entry, &entries) {
		struct via_fact link;
		struct via_pci_device *device = holding_behind(holding, directory, *entry, &link);

		if (device)
			each(holding, device, *entry);
		note(&known, link);
	}
	return known;
}

static void add_nvme(struct via_holding *holding, struct via_pci_device *device, const char *name)
{
	if (!names_have(&device->nvme, name))
		*via_list_add(holding->arena, &device->nvme) = name;
}

/* The worst first, else in the order of finding: there are few. */
static void sort_by_loss(struct via_holders *holders)
{
	for (size_t i = 1; i < holders->count; i++) {
		struct via_holder holder = holders->items[i];
		size_t at = i;

		for (; at && holders->items[at - 1].loss < holder.loss; at--)
			holders->items[at] = holders->items[at - 1];
		holders->items[at] = holder;
	}
}

void holding_end(struct via_holding *holding)
{
	via_for_each (device, &holding->host->pci.devices) {
		note(&device->made_known, holding->unmade);
		note(&device->holders_known, holding->unmade);
		note(&device->holders_known, holding->untold);
		sort_by_loss(&device->holders);
	}
}

void probe_holders(const struct via_root *root, const struct via_queries *queries,
		   struct via_host *host)
{
	struct via_holding holding = holding_begin(root, queries, host);
	struct via_disks disks = { 0 };

	holders_disks(&holding, &disks);
	holding_untold_all(&holding, holding_class(&holding, "nvme", add_nvme));
	holders_mounts(&holding, &disks);
	holders_swap(&holding, &disks);
	holders_exports(&holding, &disks);
	holders_zfs(&holding, &disks);
	holders_net(&holding);
	holders_display(&holding);
	holders_input(&holding);
	holders_console(&holding);
	holders_mediated(&holding);
	holders_vfio(&holding);
	holding_end(&holding);
	holders_sleepers(&holding, false);
}

void probe_openers(const struct via_root *root, struct via_host *host)
{
	struct via_holding holding = holding_begin(root, NULL, host);
	struct via_disks disks = { 0 };
	bool looked;

	holders_sleepers_forget(&holding);
	holders_disks(&holding, &disks);
	holders_loops(&holding, &disks);
	looked = holders_processes(&holding, &disks);
	holders_virtual(&holding);
	holding_end(&holding);
	holders_sleepers(&holding, looked);
}
