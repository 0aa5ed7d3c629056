/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { SEARCH_DEPTH = 8, MOUNTS_LIMIT = 1024 * 1024, IFF_UP_BIT = 1 };

/* What a search below one function needs at every step. */
struct search {
	const struct via_root *root;
	struct via_host *host;
	struct via_pci_device *device;
	const char *mountinfo, *swaps;
};

static void hold(struct search *search, const char *by, const char *what)
{
	struct via_holder *holder;

	via_for_each (known, &search->device->holders)
		if (strcmp(known->what, what) == 0)
			return;
	holder = via_list_add(search->host->arena, &search->device->holders);
	*holder = (struct via_holder){ .by = by, .what = what };
}

/* Where looking fails, somebody may hold it all the same. What no capture holds is no failure. */
static bool heard(struct search *search, struct via_fact fact)
{
	if (fact_is(&fact, VIA_UNKNOWN) && fact.error != ENODATA)
		search->device->holders_known = fact;
	return fact_is(&fact, VIA_PRESENT);
}

static void add_name(struct via_arena *arena, struct via_names *names, const char *name)
{
	if (!names_have(names, name))
		*via_list_add(arena, names) = name;
}

/* An interface that is up carries somebody's traffic. */
static void found_net(struct search *search, const char *name)
{
	struct via_arena *arena = search->host->arena;
	struct via_fact flags = root_number(search->root, arena, "sys/class/net/%s/flags", name);

	add_name(arena, &search->device->net, name);
	if (heard(search, flags) && (flags.number & IFF_UP_BIT))
		hold(search, "net", arena_printf(arena, "network interface %s is up", name));
}

/*
 * One line of mountinfo: "36 35 98:0 /mnt1 /mnt2 rw … - ext3 /dev/root rw".
 * @wanted: "/dev/NAME", or the tag of a shared directory
 */
static void match_mount(struct search *search, const char *name, const char *number,
			const char *wanted, char *line)
{
	char *save = NULL, *fields[5] = { 0 }, *dash = strstr(line, " - ");
	char source[256] = "", type[64];

	if (dash)
		sscanf(dash + 3, "%63s %255s", type, source);
	for (size_t i = 0; i < VIA_COUNT(fields); i++)
		fields[i] = strtok_r(i ? NULL : line, " ", &save);
	if (!fields[4])
		return;
	/* btrfs and overlay show a number of their own: there the source tells. */
	if (strcmp(fields[2], number) == 0 || strcmp(source, wanted) == 0)
		hold(search, "mount",
		     arena_printf(search->host->arena, "%s is mounted on %s", name, fields[4]));
}

static void match_mounts(struct search *search, const char *name, const char *number,
			 const char *wanted)
{
	char *text, *save = NULL;

	if (!search->mountinfo)
		return;
	text = arena_strdup(search->host->arena, search->mountinfo);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		match_mount(search, name, number, wanted, line);
}

static void match_swap(struct search *search, const char *name)
{
	struct via_arena *arena = search->host->arena;

	if (search->swaps && strstr(search->swaps, arena_printf(arena, "/dev/%s ", name)))
		hold(search, "swap", arena_printf(arena, "%s is used for swap", name));
}

/* A disk or partition, what is stacked on it, and the partitions of it. */
static void found_block(struct search *search, const char *name, int depth)
{
	struct via_arena *arena = search->host->arena;
	struct via_fact number = root_text(search->root, arena, "sys/class/block/%s/dev", name);
	struct via_names entries;

	if (depth > SEARCH_DEPTH)
		return;
	heard(search, number);
	match_mounts(search, name, fact_text(&number) ? number.text : "-",
		     arena_printf(arena, "/dev/%s", name));
	match_swap(search, name);
	heard(search,
	      root_entries(search->root, arena, &entries, "sys/class/block/%s/holders", name));
	via_for_each (above, &entries) {
		hold(search, "block", arena_printf(arena, "%s is part of %s", name, *above));
		found_block(search, *above, depth + 1);
	}
	heard(search, root_entries(search->root, arena, &entries, "sys/class/block/%s", name));
	via_for_each (part, &entries)
		if (text_starts(*part, name) && strcmp(*part, name) != 0)
			found_block(search, *part, depth + 1);
}

/* A directory that the machine below shares with this guest (virtio 9p). */
static void found_share(struct search *search, const char *directory)
{
	struct via_fact tag =
		root_text(search->root, search->host->arena, "%s/mount_tag", directory);

	if (heard(search, tag) && *tag.text)
		match_mounts(search, tag.text, "-", tag.text);
}

/* nvme0c1n1 is one path to a namespace; what is mounted is the head, nvme0n1. */
static const char *namespace_head(struct via_arena *arena, const char *name)
{
	unsigned int subsystem, controller, space;

	if (sscanf(name, "nvme%uc%un%u", &subsystem, &controller, &space) == 3)
		return arena_printf(arena, "nvme%un%u", subsystem, space);
	return name;
}

static void found_nvme(struct search *search, const char *directory, const char *controller)
{
	struct via_arena *arena = search->host->arena;
	struct via_names entries;

	add_name(arena, &search->device->nvme, controller);
	heard(search,
	      root_entries(search->root, arena, &entries, "%s/nvme/%s", directory, controller));
	via_for_each (entry, &entries) {
		unsigned int a, b, c;
		const char *head;

		if (sscanf(*entry, "nvme%uc%un%u", &a, &b, &c) != 3 &&
		    sscanf(*entry, "nvme%un%u", &a, &b) != 2)
			continue;
		head = namespace_head(arena, *entry);
		add_name(arena, &search->device->block, head);
		found_block(search, head, 0);
	}
}

/* Directories that a driver makes between a function and what the host uses of it. */
static bool leads_further(const char *entry)
{
	static const char *const prefixes[] = {
		"virtio", "ata",	"host",	 "target",    "usb",
		"mmc",	  "end_device", "port-", "mlx5_core", "i2c-"
	};

	for (size_t i = 0; i < VIA_COUNT(prefixes); i++)
		if (text_starts(entry, prefixes[i]) &&
		    strspn(entry, "abcdefghijklmnopqrstuvwxyz") != strlen(entry))
			return true;
	/* SCSI "0:0:0:0", USB "1-4" and "1-4:1.0" */
	return isdigit((unsigned char)*entry) && !strchr(entry, '/') && strlen(entry) < 16 &&
	       (strchr(entry, '-') || (strchr(entry, ':') && !strchr(entry, '.')) ||
		strstr(entry, ":1."));
}

static void search_directory(struct search *search, const char *directory, int depth)
{
	struct via_arena *arena = search->host->arena;
	struct via_names entries, inner;
	struct via_pci_address address;

	if (depth > SEARCH_DEPTH)
		return;
	heard(search, root_entries(search->root, arena, &entries, "%s", directory));
	if (names_have(&entries, "mount_tag"))
		found_share(search, directory);
	via_for_each (entry, &entries) {
		bool net = strcmp(*entry, "net") == 0, block = strcmp(*entry, "block") == 0,
		     nvme = strcmp(*entry, "nvme") == 0;

		if (net || block || nvme)
			heard(search, root_entries(search->root, arena, &inner, "%s/%s", directory,
						   *entry));
		else if (address_parse(*entry, &address) < 0 && leads_further(*entry))
			search_directory(search, arena_printf(arena, "%s/%s", directory, *entry),
					 depth + 1);
		if (!net && !block && !nvme)
			continue;
		via_for_each (name, &inner) {
			if (net)
				found_net(search, *name);
			else if (nvme)
				found_nvme(search, directory, *name);
			else
				add_name(arena, &search->device->block, *name),
					found_block(search, *name, 0);
		}
	}
}

static void found_display(struct search *search)
{
	if (heard(search, search->device->boot_vga) && search->device->boot_vga.number == 1)
		hold(search, "display", "it is the display the machine booted with");
}

/* "Name:\tqemu-system-x86" */
static const char *process_name(const struct via_root *root, struct via_arena *arena,
				const char *pid)
{
	struct via_fact comm = root_text(root, arena, "proc/%s/comm", pid);

	return fact_text(&comm) ? comm.text : "a process";
}

/* One process; an ordinary user may not see what the others have open. */
static void search_process(struct search *search, const char *pid, const char *node)
{
	struct via_arena *arena = search->host->arena;
	struct via_names descriptors;
	struct via_fact seen = root_entries(search->root, arena, &descriptors, "proc/%s/fd", pid);

	if (fact_is(&seen, VIA_UNKNOWN) && (seen.error == EACCES || seen.error == EPERM))
		search->device->holders_known = seen;
	via_for_each (fd, &descriptors) {
		struct via_fact link =
			root_link_target(search->root, arena, "proc/%s/fd/%s", pid, *fd);

		if (fact_text(&link) && strcmp(link.text, node) == 0)
			hold(search, "process",
			     arena_printf(arena, "%s (pid %s) has %s open",
					  process_name(search->root, arena, pid), pid, node));
	}
}

/* Who has /dev/vfio/GROUP open; other PID namespaces stay hidden. */
static void search_openers(struct search *search, const char *node)
{
	struct via_arena *arena = search->host->arena;
	struct via_names processes;

	heard(search, root_entries(search->root, arena, &processes, "proc"));
	via_for_each (pid, &processes)
		if (isdigit((unsigned char)**pid))
			search_process(search, *pid, node);
}

static void search_device(struct search *search)
{
	const char *driver = fact_text(&search->device->driver);
	struct via_arena *arena = search->host->arena;

	heard(search, search->device->driver);
	heard(search, search->device->class_code);
	if (!driver || pci_is_bridge(search->device))
		return;
	if (pci_driver_shares_group(driver)) {
		if (root_as_live(search->root) && fact_is(&search->device->group, VIA_PRESENT))
			search_openers(search, arena_printf(arena, "/dev/vfio/%s",
							    search->device->group.text));
		return;
	}
	search_directory(search,
			 arena_printf(arena, "sys/bus/pci/devices/%s", search->device->name), 0);
	found_display(search);
}

void probe_holders(const struct via_root *root, struct via_host *host)
{
	struct via_blob mounts = root_blob(root, host->arena, MOUNTS_LIMIT, "proc/self/mountinfo");
	struct via_fact swaps = root_text(root, host->arena, "proc/swaps");
	struct search search = { .root = root, .host = host, .swaps = fact_text(&swaps) };

	if (fact_is(&mounts.fact, VIA_PRESENT))
		search.mountinfo = arena_strndup(host->arena, (const char *)mounts.span.data,
						 mounts.span.size);
	via_for_each (device, &host->pci.devices) {
		search.device = device;
		device->holders_known = mounts.fact;
		if (fact_is(&mounts.fact, VIA_PRESENT))
			heard(&search, swaps);
		search_device(&search);
	}
}
