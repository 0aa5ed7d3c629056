/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "probe/holding.h"

enum { MOUNTS_LIMIT = 4 * 1024 * 1024, MOUNTS_TOLD = 8 };

/*
 * One line of mountinfo: "36 35 98:0 /mnt1 /mnt2 rw … - ext3 /dev/root rw".
 */
struct mount {
	unsigned int major, minor;
	const char *point, *type, *source;
	const char *who; /* a process of another mount namespace, where it is seen; else NULL */
};

static const struct {
	const char *point, *loses;
} vital_points[] = {
	{ "/", "its root file system: every program on it" },
	{ "/usr", "its system files (/usr)" },
	{ "/nix", "its system files (/nix)" },
	{ "/sysroot", "its root file system" },
	{ "/etc", "its configuration (/etc)" },
	{ "/var", "its state and logs (/var)" },
	{ "/boot", "the kernels it boots from (/boot)" },
	{ "/boot/efi", "the EFI system partition it boots from" },
	{ "/boot/firmware", "what it boots from (/boot/firmware)" },
	{ "/efi", "the EFI system partition it boots from" },
};

/* The kernel writes blanks as \040. */
static char *unescaped(struct via_arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text), *to = copy;
	unsigned int value;

	for (const char *from = copy; *from; to++) {
		if (*from == '\\' && strspn(from + 1, "01234567") >= 3 &&
		    sscanf(from + 1, "%3o", &value) == 1) {
			*to = (char)value;
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
	return copy;
}

static bool parse_mount(struct via_arena *arena, char *line, struct mount *ret)
{
	char *save = NULL, *fields[5] = { 0 }, *dash = strstr(line, " - "), *type, *source;
	struct mount mount;

	if (!dash)
		return false;
	type = strtok_r(dash + 3, " ", &save);
	source = strtok_r(NULL, " ", &save);
	*dash = '\0';
	for (size_t i = 0; i < VIA_COUNT(fields); i++)
		fields[i] = strtok_r(i ? NULL : line, " ", &save);
	if (!fields[4] || sscanf(fields[2], "%u:%u", &mount.major, &mount.minor) != 2)
		return false;
	mount.point = unescaped(arena, fields[4]);
	mount.type = type ?: "";
	mount.source = source ? unescaped(arena, source) : "";
	*ret = mount;
	return true;
}

/* What the host would lose with that mount point, when it cannot do without; or NULL */
static const char *vital_loss(const char *point)
{
	for (size_t i = 0; i < VIA_COUNT(vital_points); i++)
		if (strcmp(vital_points[i].point, point) == 0)
			return vital_points[i].loses;
	return NULL;
}

static struct via_holder holder_of(struct via_arena *arena, const struct mount *mount,
				   const char *name)
{
	const char *vital = vital_loss(mount->point);

	/* The root of a container is not the host's. */
	if (mount->who)
		return (struct via_holder){
			.by = "mount",
			.what = arena_printf(arena,
					     "%s is mounted on %s in the mount namespace of %s",
					     name, mount->point, mount->who),
			.loses = arena_printf(arena, "what %s has on %s", mount->who, mount->point),
		};
	return (struct via_holder){
		.by = "mount",
		.what = arena_printf(arena, "%s is mounted on %s", name, mount->point),
		.loses = vital ?: arena_printf(arena, "the files on %s", mount->point),
		.loss = vital ? VIA_LOSS_VITAL : VIA_LOSS_USE,
	};
}

/* Containers mount one file system in a hundred places: the vital ones, and a few. */
static void hold_mount(const struct via_holding *holding, struct via_disks *disks,
		       const struct mount *mount, struct via_disk *disk)
{
	struct via_holder holder = holder_of(holding->arena, mount, disk->name);

	/* Most namespaces repeat what is mounted here. */
	if (mount->who && disk->mounts)
		return;
	if (holder.loss == VIA_LOSS_VITAL || disk->mounts++ < MOUNTS_TOLD)
		disk_hold(holding, disks, disk->name, holder);
}

static struct via_disk *disk_of_number(const struct via_holding *holding, struct via_disks *disks,
				       const struct mount *mount, struct via_fact *ret_link)
{
	*ret_link = root_link(holding->root, holding->arena, "sys/dev/block/%u:%u", mount->major,
			      mount->minor);
	return fact_text(ret_link) ? disk_find(disks, ret_link->text) : NULL;
}

/* /dev/mapper/vg0-root */
static struct via_disk *disk_of_map(struct via_holding *holding, struct via_disks *disks,
				    const char *map)
{
	via_for_each (disk, &disks->list) {
		struct via_fact name;

		if (!text_starts(disk->name, "dm-"))
			continue;
		name = root_text(holding->root, holding->arena, "sys/class/block/%s/dm/name",
				 disk->name);
		holding_untold_all(holding, name);
		if (fact_text(&name) && strcmp(name.text, map) == 0)
			return disk;
	}
	return NULL;
}

struct via_disk *disk_of_path(struct via_holding *holding, struct via_disks *disks,
			      const char *source)
{
	if (text_starts(source, "/dev/mapper/"))
		return disk_of_map(holding, disks, source + strlen("/dev/mapper/"));
	return text_starts(source, "/dev/") ? disk_find(disks, source + strlen("/dev/")) : NULL;
}

/* btrfs over several devices: sys/fs/btrfs/UUID/devices names all of them. */
static void hold_btrfs(struct via_holding *holding, struct via_disks *disks,
		       const struct mount *mount, const struct via_disk *first)
{
	const char *name = first->name; /* the list may not move, the disk is still the same */
	struct via_names systems, devices;

	holding_untold_all(holding,
			   root_entries(holding->root, holding->arena, &systems, "sys/fs/btrfs"));
	via_for_each (system, &systems) {
		if (!strchr(*system, '-'))
			continue;
		holding_untold_all(holding, root_entries(holding->root, holding->arena, &devices,
							 "sys/fs/btrfs/%s/devices", *system));
		if (!names_have(&devices, name))
			continue;
		via_for_each (device, &devices)
			if (strcmp(*device, name) != 0 && disk_find(disks, *device))
				hold_mount(holding, disks, mount, disk_find(disks, *device));
	}
}

static bool is_mounted(const struct via_pci_device *device)
{
	via_for_each (holder, &device->holders)
		if (strcmp(holder->by, "mount") == 0)
			return true;
	return false;
}

static void hold_virtio(struct via_holding *holding, const struct mount *mount,
			const char *directory, const char *entry)
{
	struct via_fact link;
	struct via_pci_device *device = holding_behind(holding, directory, entry, &link);

	holding_untold_all(holding, link);
	if (device && !(mount->who && is_mounted(device)))
		holding_add(holding, device, holder_of(holding->arena, mount, mount->source));
}

/* A directory that the machine below shares with this guest: 9p, by its tag. */
static void hold_share(struct via_holding *holding, const struct mount *mount)
{
	static const char directory[] = "sys/bus/virtio/devices";
	struct via_names devices;

	holding_untold_all(holding,
			   root_entries(holding->root, holding->arena, &devices, "%s", directory));
	via_for_each (entry, &devices) {
		struct via_fact tag = root_text(holding->root, holding->arena, "%s/%s/mount_tag",
						directory, *entry);

		holding_untold_all(holding, tag);
		if (fact_text(&tag) && strcmp(tag.text, mount->source) == 0)
			hold_virtio(holding, mount, directory, *entry);
	}
}

/* Which of them serves which tag is told only since Linux 6.9. */
static void hold_virtiofs(struct via_holding *holding, const struct mount *mount)
{
	static const char directory[] = "sys/bus/virtio/drivers/virtiofs";
	struct via_names devices;

	holding_untold_all(holding,
			   root_entries(holding->root, holding->arena, &devices, "%s", directory));
	via_for_each (entry, &devices)
		if (text_starts(*entry, "virtio"))
			hold_virtio(holding, mount, directory, *entry);
}

static bool is_network(const char *type)
{
	static const char *const types[] = { "nfs",  "nfs4", "cifs",	      "smb3",
					     "ceph", "afs",  "fuse.glusterfs" };

	for (size_t i = 0; i < VIA_COUNT(types); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

static struct via_disk *find_disk(struct via_holding *holding, struct via_disks *disks,
				  const struct mount *mount)
{
	struct via_fact link = { 0 };
	struct via_disk *disk = NULL;

	if (mount->major)
		disk = disk_of_number(holding, disks, mount, &link);
	/* btrfs and others show a number of their own: there the source tells. */
	if (!disk)
		disk = disk_of_path(holding, disks, mount->source);
	if (!disk)
		holding_untold_all(holding, link);
	return disk;
}

static void take_mount(struct via_holding *holding, struct via_disks *disks,
		       const struct mount *mount)
{
	struct via_disk *disk = find_disk(holding, disks, mount);
	bool root = !mount->who && strcmp(mount->point, "/") == 0;

	if (root && (is_network(mount->type) || (disk && strstr(disk->path, "/session"))))
		holding->network_root = true;
	if (disk)
		hold_mount(holding, disks, mount, disk);
	if (disk && strcmp(mount->type, "btrfs") == 0)
		hold_btrfs(holding, disks, mount, disk);
	if (strcmp(mount->type, "9p") == 0)
		hold_share(holding, mount);
	if (strcmp(mount->type, "virtiofs") == 0)
		hold_virtiofs(holding, mount);
	if (!mount->who && strcmp(mount->type, "zfs") == 0 && vital_loss(mount->point))
		*via_list_add(holding->arena, &holding->vital_pools) =
			arena_strndup(holding->arena, mount->source, strcspn(mount->source, "/"));
}

/* @each is called for the mounts of one file; @who: see struct mount */
static void read_mounts(struct via_holding *holding, struct via_disks *disks,
			const struct via_blob *file, const char *who,
			void (*each)(struct via_holding *holding, struct via_disks *disks,
				     const struct mount *mount))
{
	struct via_arena *arena = holding->arena;
	char *text = arena_strndup(arena, (const char *)file->span.data, file->span.size);
	char *save = NULL;
	struct mount mount;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!parse_mount(arena, line, &mount))
			continue;
		mount.who = who;
		each(holding, disks, &mount);
	}
}

static struct via_blob mounts_of(const struct via_holding *holding, const char *pid)
{
	struct via_blob mounts =
		root_blob(holding->root, holding->arena, MOUNTS_LIMIT, "proc/%s/mountinfo", pid);

	if (fact_is(&mounts.fact, VIA_PRESENT) && mounts.span.size == MOUNTS_LIMIT)
		mounts.fact = fact_unknown(mounts.fact.path, EFBIG);
	return mounts;
}

static bool can_be_read(const struct via_blob *mounts)
{
	return fact_is(&mounts->fact, VIA_PRESENT) || mounts->fact.error == EFBIG;
}

void holders_mounts(struct via_holding *holding, struct via_disks *disks)
{
	struct via_blob mounts = mounts_of(holding, "self");

	via_for_each (device, &holding->host->pci.devices)
		holding_untold(device, mounts.fact);
	if (can_be_read(&mounts))
		read_mounts(holding, disks, &mounts, NULL, take_mount);
}

static void count_mount(struct via_holding *holding, struct via_disks *disks,
			const struct mount *mount)
{
	struct via_disk *disk = find_disk(holding, disks, mount);

	if (disk)
		disk->mounts++;
}

void holders_mounts_count(struct via_holding *holding, struct via_disks *disks)
{
	struct via_blob mounts = mounts_of(holding, "self");

	if (can_be_read(&mounts))
		read_mounts(holding, disks, &mounts, NULL, count_mount);
}

struct via_fact holders_mounts_of(struct via_holding *holding, struct via_disks *disks,
				  const char *pid, const char *who)
{
	struct via_blob mounts = mounts_of(holding, pid);

	if (can_be_read(&mounts))
		read_mounts(holding, disks, &mounts, who, take_mount);
	return mounts.fact;
}
