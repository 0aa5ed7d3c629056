/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/line.h"
#include "probe/opened.h"
#include "sys/place.h"

/* The first PID namespace of every kernel: PROC_PID_INIT_INO */
static const char first_namespace[] = "pid:[4026531836]";

enum { MAPS_LIMIT = 16 * 1024 * 1024, KERNEL_THREAD = 0x00200000 };

struct search {
	struct via_holding *holding;
	struct via_nodes nodes;
	struct via_names spaces; /* mount namespaces that were looked into */
	struct via_fact untold;	 /* why not every process could be looked at */
	bool nameless;		 /* somebody has a VFIO device open, and which cannot be told */
};

static const char *process_name(const struct search *search, const char *pid)
{
	struct via_fact comm =
		root_text(search->holding->root, search->holding->arena, "proc/%s/comm", pid);

	return fact_text(&comm) ? comm.text : "a process";
}

/* Who it is takes the place of the mere fact that somebody has it open. */
static void replace_nameless(struct via_pci_device *device, struct via_holder holder)
{
	via_for_each (known, &device->holders)
		if (strcmp(known->by, "vfio") == 0 && text_starts(known->what, "a guest or")) {
			*known = holder;
			return;
		}
}

/* @how: "open", or "mapped": a mapping lasts when its descriptor is closed */
static struct via_holder opener(const struct search *search, const struct via_node *node,
				const char *pid, const char *target, const char *how)
{
	struct via_arena *arena = search->holding->arena;
	const char *name = process_name(search, pid);

	return (struct via_holder){
		.by = node->vfio ? "vfio" : "process",
		.what = arena_printf(arena, "%s (pid %s) has %s %s", name, pid, target, how),
		.loses = arena_printf(arena, "what %s (pid %s) does with it", name, pid),
	};
}

static void found_open(const struct search *search, const struct via_node *node, const char *pid,
		       const char *target, const char *how)
{
	struct via_holder holder = opener(search, node, pid, target, how);

	if (node->user) {
		*node->user = *node->user ?: holder.what;
		return;
	}
	if (node->disk) {
		disk_hold(search->holding, search->nodes.disks, node->disk, holder);
		return;
	}
	if (node->vfio)
		replace_nameless(node->function, holder);
	holding_add(search->holding, node->function, holder);
}

/* The registers themselves: …/0000:03:00.0/resource0, as DPDK and flash tools open them. */
static void found_registers(const struct search *search, const char *pid, const char *target,
			    const char *how)
{
	const char *name = path_name(target);
	struct via_node node = { 0 };

	if (!text_starts(name, "resource") || !isdigit((unsigned char)name[strlen("resource")]))
		return;
	node.function = holding_owner(search->holding, target);
	if (node.function)
		found_open(search, &node, pid, path_name(target), how);
}

/* Return: whether that is a node by which VFIO hands a device out */
static bool search_target(const struct search *search, const char *pid, const char *target,
			  const char *how)
{
	if (text_starts(target, "/sys/devices/"))
		found_registers(search, pid, target, how);
	if (!text_starts(target, "/dev/"))
		return false;
	for (const struct via_node *node = nodes_find(&search->nodes, target); node;
	     node = nodes_next(&search->nodes, node))
		found_open(search, node, pid, target, how);
	return text_starts(target, "/dev/vfio/") && strcmp(target, "/dev/vfio/vfio") != 0;
}

/* One that has ended meanwhile has nothing open. */
static void note_untold(struct search *search, struct via_fact fact)
{
	if (fact_is(&fact, VIA_UNKNOWN) && fact.error != ESRCH &&
	    !fact_is(&search->untold, VIA_UNKNOWN))
		search->untold = fact;
}

/*
 * "7f2c00000000-7f2c00020000 rw-s 00000000 00:14 12  /sys/devices/…/resource0": what is mapped is
 * held though nothing of it is open any more.
 */
static void search_mappings(struct search *search, const char *pid, struct via_names *seen)
{
	_cleanup_arena_ struct via_arena *arena = arena_new(); /* a browser has thousands */
	struct via_blob maps =
		root_blob(search->holding->root, arena, MAPS_LIMIT, "proc/%s/maps", pid);
	struct via_span rest = maps.span;
	char *line;

	maps.fact.path = arena_strdup(search->holding->arena, maps.fact.path);
	note_untold(search, maps.fact);
	while ((line = line_next(arena, &rest))) {
		const char *path = strchr(line, '/');

		if (!path || (!text_starts(path, "/dev/") && !text_starts(path, "/sys/devices/")) ||
		    names_have(seen, path))
			continue;
		*via_list_add(arena, seen) = path;
		search_target(search, pid, path, "mapped");
	}
}

/* The kernel's own threads have nothing open. Source: PF_KTHREAD in include/linux/sched.h, the
 * ninth field of proc(5)'s stat */
static bool is_kernels(const struct search *search, const char *pid)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact stat = root_text(search->holding->root, arena, "proc/%s/stat", pid);
	const char *end = fact_text(&stat) ? strrchr(stat.text, ')') : NULL;
	unsigned long flags;

	return end && sscanf(end, ") %*c %*d %*d %*d %*d %*d %lu", &flags) == 1 &&
	       flags & KERNEL_THREAD;
}

/*
 * What is mounted only for a container: each mount namespace is read once, by whichever process
 * of it comes first and has not ended meanwhile (EINVAL: it has none any more).
 */
static void search_mounts(struct search *search, const char *pid)
{
	struct via_arena *arena = search->holding->arena;
	struct via_fact space =
		root_link_target(search->holding->root, arena, "proc/%s/ns/mnt", pid);
	struct via_fact mounts;

	if (space.error != ENODATA)
		note_untold(search, space);
	if (!fact_text(&space) || names_have(&search->spaces, space.text))
		return;
	mounts = holders_mounts_of(
		search->holding, search->nodes.disks, pid,
		arena_printf(arena, "%s (pid %s)", process_name(search, pid), pid));
	if (mounts.error != EINVAL)
		note_untold(search, mounts);
	if (fact_is(&mounts, VIA_PRESENT))
		*via_list_add(arena, &search->spaces) = space.text;
}

/* What is mounted here was told before. */
static void begin_mounts(struct search *search)
{
	struct via_arena *arena = search->holding->arena;
	struct via_fact own = root_link_target(search->holding->root, arena, "proc/self/ns/mnt");

	holders_mounts_count(search->holding, search->nodes.disks);
	if (fact_text(&own))
		*via_list_add(arena, &search->spaces) = own.text;
}

static void search_process(struct search *search, const char *pid)
{
	struct via_arena *arena = search->holding->arena;
	const struct via_root *root = search->holding->root;
	struct via_names descriptors, seen = { 0 };
	struct via_fact listed;
	bool device = false, node = false;

	if (place_is_quick(root) && is_kernels(search, pid))
		return;
	listed = root_entries(root, arena, &descriptors, "proc/%s/fd", pid);
	note_untold(search, listed);
	via_for_each (fd, &descriptors) {
		struct via_fact link = root_link_target(root, arena, "proc/%s/fd/%s", pid, *fd);

		note_untold(search, link);
		if (!fact_text(&link))
			continue;
		*via_list_add(arena, &seen) = link.text;
		node |= search_target(search, pid, link.text, "open");
		device |= strcmp(link.text, "anon_inode:[vfio-device]") == 0;
	}
	/* A device's descriptor, handed over or kept when the group's was closed, tells no name. */
	search->nameless |= device && !node;
	search_mappings(search, pid, &seen);
	search_mounts(search, pid);
}

/*
 * Whether there may be processes that do not show: those of another PID namespace, or of
 * other users where /proc is mounted with hidepid (then not even process 1 is there).
 */
static void search_hidden(struct search *search, const struct via_names *processes)
{
	struct via_arena *arena = search->holding->arena;
	struct via_fact space = root_link_target(search->holding->root, arena, "proc/self/ns/pid");

	if (fact_is(&search->untold, VIA_UNKNOWN))
		return;
	if (!names_have(processes, "1"))
		search->untold = fact_unknown("proc/1", EPERM);
	else if (fact_text(&space) && strcmp(space.text, first_namespace) != 0)
		search->untold =
			fact_unknown("proc/self/ns/pid (processes outside are hidden)", ENODATA);
}

/* A device without a node cannot be open. */
static void mark_untold(const struct search *search)
{
	via_for_each (node, &search->nodes.list)
		if (node->function)
			holding_untold(node->function, search->untold);
	via_for_each (disk, &search->nodes.disks->list)
		via_for_each (function, &disk->functions)
			holding_untold(*function, search->untold);
}

/* Of devices that are no functions. */
static void mark_users(const struct search *search)
{
	struct via_host *host = search->holding->host;
	struct via_fact known = fact_is(&search->untold, VIA_UNKNOWN)
					? search->untold
					: fact_present("proc", NULL, 1);

	via_for_each (mdev, &host->mediated.devices)
		mdev->users_known = known;
	via_for_each (vdpa, &host->vdpa.devices)
		vdpa->users_known = known;
}

bool holders_processes(struct via_holding *holding, struct via_disks *disks)
{
	struct search search = { .holding = holding };
	struct via_names processes;
	struct via_fact listed;

	if (!root_as_live(holding->root))
		return false;
	nodes_gather(&search.nodes, holding, disks);
	listed = root_entries(holding->root, holding->arena, &processes, "proc");
	holding_untold_all(holding, listed);
	begin_mounts(&search);
	via_for_each (pid, &processes)
		if (isdigit((unsigned char)**pid))
			search_process(&search, *pid);
	search_hidden(&search, &processes);
	mark_users(&search);
	if (fact_is(&search.untold, VIA_UNKNOWN))
		mark_untold(&search);
	return fact_is(&listed, VIA_PRESENT) && !fact_is(&search.untold, VIA_UNKNOWN) &&
	       !search.nameless;
}
