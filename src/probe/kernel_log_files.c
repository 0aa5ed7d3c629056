/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernel_log_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/kernel_log.h"

static const char functions[] = "sys/bus/pci/devices";
static const char groups[] = "sys/kernel/iommu_groups";

/* A function as the log lists it; @bridge where buses are behind it. */
struct listed {
	struct via_pci_address address;
	size_t place;
	const char *ids;
	uint64_t class_code, secondary, subordinate;
	bool bridge;
};

struct laying_out {
	struct via_arena *arena;
	struct via_memtree *tree;
	via_list(struct listed) list;		 /* by address */
	via_list(const struct listed *) bridges; /* by the bus behind them */
};

static int by_address(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	int order = address_compare(a->address, b->address);

	return order ? order : a->place < b->place ? -1 : a->place > b->place;
}

static int by_address_alone(const void *left, const void *right)
{
	return address_compare(((const struct listed *)left)->address,
			       ((const struct listed *)right)->address);
}

static struct listed *find(const struct laying_out *out, struct via_pci_address address)
{
	struct listed key = { .address = address };

	return out->list.count ? bsearch(&key, out->list.items, out->list.count, sizeof(key),
					 by_address_alone)
			       : NULL;
}

/* What is listed twice (a device that was plugged again) is taken as it was last. */
static void keep_last(struct laying_out *out)
{
	size_t kept = 0;

	if (out->list.count)
		qsort(out->list.items, out->list.count, sizeof(*out->list.items), by_address);
	for (size_t i = 0; i < out->list.count; i++)
		if (i + 1 == out->list.count ||
		    !address_equal(out->list.items[i].address, out->list.items[i + 1].address))
			out->list.items[kept++] = out->list.items[i];
	out->list.count = kept;
}

static void gather(struct laying_out *out, const struct via_kernel_log *log)
{
	via_for_each (event, &log->events)
		if (event->kind == VIA_LOG_FUNCTION && event->has_address && event->has_at)
			*via_list_add(out->arena, &out->list) = (struct listed){
				.address = event->address,
				.place = out->list.count,
				.ids = event->word,
				.class_code = event->at & 0xffffff,
			};
	keep_last(out);
	via_for_each (event, &log->events) {
		struct listed *bridge = event->kind == VIA_LOG_BRIDGE && event->has_address
						? find(out, event->address)
						: NULL;

		if (!bridge || event->number > 0xff)
			continue;
		bridge->bridge = true;
		bridge->secondary = event->number;
		bridge->subordinate = event->has_at ? event->at : event->number;
	}
}

static int by_secondary(const void *left, const void *right)
{
	const struct listed *a = *(const struct listed *const *)left;
	const struct listed *b = *(const struct listed *const *)right;

	if (a->address.domain != b->address.domain)
		return a->address.domain < b->address.domain ? -1 : 1;
	if (a->secondary != b->secondary)
		return a->secondary < b->secondary ? -1 : 1;
	return 0;
}

/* One for each bus behind a bridge; a bus above its own bridge would make a ring. */
static void gather_bridges(struct laying_out *out)
{
	size_t kept = 0;

	via_for_each (function, &out->list)
		if (function->bridge && function->secondary > function->address.bus)
			*via_list_add(out->arena, &out->bridges) = function;
	if (out->bridges.count)
		qsort(out->bridges.items, out->bridges.count, sizeof(*out->bridges.items),
		      by_secondary);
	for (size_t i = 0; i < out->bridges.count; i++)
		if (!kept || by_secondary(&out->bridges.items[kept - 1], &out->bridges.items[i]))
			out->bridges.items[kept++] = out->bridges.items[i];
	out->bridges.count = kept;
}

/* The bridge nearest above: of those that hold the bus, the one with the highest secondary. */
static const struct listed *bridge_above(const struct laying_out *out,
					 struct via_pci_address address)
{
	const struct listed key = { .address = address, .secondary = address.bus }, *at = &key;
	size_t low = 0, high = out->bridges.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_secondary(&out->bridges.items[middle], &at) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low-- > 0 && out->bridges.items[low]->address.domain == address.domain;)
		if (out->bridges.items[low]->subordinate >= address.bus)
			return out->bridges.items[low];
	return NULL;
}

static const char *function_path(const struct laying_out *out, struct via_pci_address address)
{
	const struct listed *bridge = bridge_above(out, address);
	char text[PCI_ADDRESS_TEXT];

	address_format(address, text);
	if (bridge)
		return arena_printf(out->arena, "%s/%s", function_path(out, bridge->address), text);
	return arena_printf(out->arena, "sys/devices/pci%04x:%02x/%s", address.domain, address.bus,
			    text);
}

static void put(const struct laying_out *out, const char *path, const char *text)
{
	if (!memtree_find(out->tree, path))
		memtree_add_file(out->tree, path, text, strlen(text));
}

static void put_function(const struct laying_out *out, const struct listed *function)
{
	const char *path = function_path(out, function->address);
	const char *colon = strchr(function->ids, ':');
	char text[PCI_ADDRESS_TEXT];

	memtree_add(out->tree, path, VIA_MEMTREE_DIRECTORY);
	memtree_add_link(out->tree,
			 arena_printf(out->arena, "%s/%s", functions,
				      address_format(function->address, text)),
			 arena_printf(out->arena, "../../../%s", path + strlen("sys/")));
	if (!colon)
		return;
	put(out, arena_printf(out->arena, "%s/vendor", path),
	    arena_printf(out->arena, "0x%.*s\n", (int)(colon - function->ids), function->ids));
	put(out, arena_printf(out->arena, "%s/device", path),
	    arena_printf(out->arena, "0x%s\n", colon + 1));
	put(out, arena_printf(out->arena, "%s/class", path),
	    arena_printf(out->arena, "0x%06llx\n", (unsigned long long)function->class_code));
}

static struct via_memtree_node *listing(const struct laying_out *out, const char *path)
{
	struct via_memtree_node *node = memtree_find(out->tree, path);

	if (!node)
		node = memtree_add(out->tree, path, VIA_MEMTREE_DIRECTORY);
	node->filled = true;
	return node;
}

static void put_group(const struct laying_out *out, const struct via_log_group *group)
{
	const char *number = arena_printf(out->arena, "%llu", (unsigned long long)group->group);
	const char *path = arena_printf(out->arena, "%s/%s", groups, number);

	const char *members = arena_printf(out->arena, "%s/devices", path);

	if (!group->has_address || !find(out, group->address))
		return;
	if (!memtree_find(out->tree, members))
		*via_list_add(out->arena, &listing(out, groups)->names) = number;
	*via_list_add(out->arena, &listing(out, members)->names) = group->device;
	memtree_add_link(
		out->tree,
		arena_printf(out->arena, "%s/iommu_group", function_path(out, group->address)),
		arena_printf(out->arena, "/%s", path));
}

static void put_functions(struct laying_out *out, const struct via_kernel_log *log)
{
	struct via_memtree_node *all;
	struct via_log_groups formed;

	gather(out, log);
	gather_bridges(out);
	if (!out->list.count)
		return;
	all = listing(out, functions);
	via_for_each (function, &out->list) {
		char text[PCI_ADDRESS_TEXT];

		put_function(out, function);
		*via_list_add(out->arena, &all->names) =
			arena_strdup(out->arena, address_format(function->address, text));
	}
	kernel_log_groups(out->arena, log, &formed);
	via_for_each (group, &formed.list)
		put_group(out, group);
}

struct via_memtree *kernel_log_files(struct via_arena *arena, struct via_span text)
{
	struct laying_out out = { .arena = arena, .tree = memtree_new(arena) };
	struct via_kernel_log log;

	kernel_log_decode(arena, text, &log);
	if (!kernel_log_is_one(&log))
		return NULL;
	out.tree->recorded = true;
	memtree_add_file(out.tree, "dmesg", text.data, text.size);
	via_for_each (event, &log.events) {
		if (event->kind == VIA_LOG_COMMAND_LINE)
			put(&out, "proc/cmdline", event->text);
		else if (event->kind == VIA_LOG_VERSION)
			put(&out, "proc/sys/kernel/osrelease", event->word);
	}
	put_functions(&out, &log);
	return out.tree;
}
