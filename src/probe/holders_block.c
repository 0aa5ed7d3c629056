/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "probe/holding.h"

enum { STACK_DEPTH = 12 };

struct via_disk *disk_find(struct via_disks *disks, const char *name)
{
	via_for_each (disk, &disks->list)
		if (strcmp(disk->name, name) == 0)
			return disk;
	return NULL;
}

static void hold_below(const struct via_holding *holding, struct via_disks *disks, const char *name,
		       const struct via_holder *holder, int depth)
{
	const struct via_disk *disk = disk_find(disks, name);

	if (!disk || depth > STACK_DEPTH)
		return;
	via_for_each (function, &disk->functions)
		holding_add(holding, *function, *holder);
	via_for_each (below, &disk->below)
		hold_below(holding, disks, *below, holder, depth + 1);
}

void disk_hold(const struct via_holding *holding, struct via_disks *disks, const char *name,
	       struct via_holder holder)
{
	hold_below(holding, disks, name, &holder, 0);
}

/* nvme0c1n1 is one path to a namespace; what is used is the head, nvme0n1. */
static const char *head_of(struct via_arena *arena, const char *name)
{
	unsigned int subsystem, controller, space;
	int length = 0;

	if (sscanf(name, "nvme%uc%un%u%n", &subsystem, &controller, &space, &length) == 3 &&
	    !name[length])
		return arena_printf(arena, "nvme%un%u", subsystem, space);
	return name;
}

/* …/sda/sda1, …/nvme0n1/nvme0n1p1: the disk's name, a "p" behind a digit, a number. */
static const char *disk_of(struct via_arena *arena, const char *path, const char *name)
{
	const char *end = strrchr(path, '/'), *start = end;
	const char *rest;
	size_t length;

	while (start && start > path && start[-1] != '/')
		start--;
	length = start ? (size_t)(end - start) : 0;
	if (!length || strncmp(name, start, length) != 0)
		return NULL;
	rest = name + length;
	rest += *rest == 'p';
	if (!*rest || rest[strspn(rest, "0123456789")])
		return NULL;
	return arena_strndup(arena, start, length);
}

static bool is_stacked(const char *name)
{
	static const char *const prefixes[] = { "dm-", "md", "bcache", "drbd", "rbd" };

	for (size_t i = 0; i < VIA_COUNT(prefixes); i++)
		if (text_starts(name, prefixes[i]))
			return true;
	return false;
}

static bool leads_nowhere(const char *name)
{
	return text_starts(name, "loop") || text_starts(name, "ram") || text_starts(name, "zram");
}

static void add_function(struct via_holding *holding, struct via_disk *disk, const char *path)
{
	struct via_pci_device *function = holding_owner(holding, path);

	if (function)
		*via_list_add(holding->arena, &disk->functions) = function;
}

static void add_disk(struct via_holding *holding, struct via_disks *disks, const char *name,
		     const char *path)
{
	const char *head = head_of(holding->arena, name);
	const char *whole = disk_of(holding->arena, path, name);
	struct via_pci_device *function;
	struct via_disk *disk = NULL;

	disks->multipath |= head != name;
	if (disks->multipath)
		disk = disk_find(disks, head);
	if (!disk) {
		disk = via_list_add(holding->arena, &disks->list);
		*disk = (struct via_disk){ .name = head, .path = path };
	}
	add_function(holding, disk, path);
	if (whole) {
		*via_list_add(holding->arena, &disk->below) = whole;
		return;
	}
	function = holding_owner(holding, path);
	if (function && !names_have(&function->block, head))
		*via_list_add(holding->arena, &function->block) = head;
}

/* "vg0-lv--one" of device-mapper: a hyphen of the name itself is doubled. */
static const char *lvm_words(struct via_arena *arena, const char *name)
{
	char *text = arena_strdup(arena, name), *to = text, *logical = NULL;

	for (const char *from = text; *from; from++) {
		bool hyphen = *from == '-';

		if (hyphen && from[1] == '-')
			from++;
		else if (hyphen && !logical) {
			*to++ = '\0';
			logical = to;
			continue;
		}
		*to++ = *from;
	}
	*to = '\0';
	return logical ? arena_printf(arena, "volume group %s, logical volume %s", text, logical)
		       : arena_printf(arena, "logical volume %s", text);
}

static const char *mapper_words(const struct via_holding *holding, const char *device)
{
	struct via_arena *arena = holding->arena;
	struct via_fact name =
		root_text(holding->root, arena, "sys/class/block/%s/dm/name", device);
	struct via_fact uuid =
		root_text(holding->root, arena, "sys/class/block/%s/dm/uuid", device);
	const char *kind = fact_text(&uuid) ?: "";

	if (!fact_text(&name))
		return NULL;
	if (text_starts(kind, "LVM-"))
		return lvm_words(arena, name.text);
	if (text_starts(kind, "CRYPT-"))
		return arena_printf(arena, "encrypted volume %s", name.text);
	if (text_starts(kind, "mpath-"))
		return arena_printf(arena, "multipath device %s", name.text);
	return arena_printf(arena, "device-mapper device %s", name.text);
}

static const char *stacked_words(const struct via_holding *holding, const char *device)
{
	struct via_fact level;

	if (text_starts(device, "dm-"))
		return mapper_words(holding, device);
	if (!text_starts(device, "md"))
		return NULL;
	level = root_text(holding->root, holding->arena, "sys/class/block/%s/md/level", device);
	return fact_text(&level) ? arena_printf(holding->arena, "array, %s", level.text) : NULL;
}

/* dm-0/slaves, md0/slaves: the few that are stacked say what they rest on. */
static void find_slaves(struct via_holding *holding, struct via_disks *disks)
{
	via_for_each (disk, &disks->list)
		if (is_stacked(disk->name) && !disk->below.count)
			holding_untold_all(holding,
					   root_entries(holding->root, holding->arena, &disk->below,
							"sys/class/block/%s/slaves", disk->name));
}

static void hold_slaves(struct via_holding *holding, struct via_disks *disks,
			const struct via_disk *disk)
{
	struct via_arena *arena = holding->arena;
	const char *words = stacked_words(holding, disk->name);

	via_for_each (slave, &disk->below) {
		const char *what = arena_printf(arena, "%s is part of %s%s%s%s", *slave, disk->name,
						words ? " (" : "", words ?: "", words ? ")" : "");

		disk_hold(holding, disks, *slave,
			  (struct via_holder){
				  .by = "block", .what = what, .loses = words ?: disk->name });
	}
}

void holders_disks(struct via_holding *holding, struct via_disks *ret)
{
	struct via_names entries;
	struct via_disks disks = { 0 };

	disks.directory = root_entries(holding->root, holding->arena, &entries, "sys/class/block");
	via_for_each (entry, &entries) {
		struct via_fact link;

		if (leads_nowhere(*entry))
			continue;
		holding_behind(holding, "sys/class/block", *entry, &link);
		if (fact_text(&link))
			add_disk(holding, &disks, *entry, link.text);
		holding_unmade_all(holding, link);
	}
	find_slaves(holding, &disks);
	via_for_each (disk, &disks.list)
		if (is_stacked(disk->name) && disk->below.count)
			hold_slaves(holding, &disks, disk);
	holding_unmade_all(holding, disks.directory);
	*ret = disks;
}

/* A loop device over a disk or partition; over a file, the file system is mounted anyway. */
void holders_loops(struct via_holding *holding, struct via_disks *disks)
{
	struct via_arena *arena = holding->arena;
	struct via_names entries;

	root_entries(holding->root, arena, &entries, "sys/class/block");
	via_for_each (entry, &entries) {
		struct via_fact file;
		const char *name;

		if (!text_starts(*entry, "loop"))
			continue;
		file = root_text(holding->root, arena, "sys/class/block/%s/loop/backing_file",
				 *entry);
		holding_untold_all(holding, file);
		if (!fact_text(&file) || !text_starts(file.text, "/dev/"))
			continue;
		name = file.text + strlen("/dev/");
		disk_hold(holding, disks, name,
			  (struct via_holder){
				  .by = "block",
				  .what = arena_printf(arena, "%s is behind %s", name, *entry),
				  .loses = *entry });
	}
}
