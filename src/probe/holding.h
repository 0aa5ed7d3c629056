/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"
#include "sys/query.h"
#include "sys/root.h"

/*
 * What the holders_*.c need of each other. They go by what there is (interfaces, disks,
 * screens), and find the function below by where the link in sys/class leads.
 */
struct via_holding {
	const struct via_root *root;
	const struct via_queries *queries;
	struct via_host *host;
	struct via_arena *arena;	/* of the host */
	struct via_pci_device **sorted; /* by address */
	bool network_root;		/* the root file system comes over the network */
	struct via_names vital_pools;	/* of ZFS, with a part of the system on them */
	struct via_fact untold, unmade; /* see holding_untold_all() and holding_unmade_all() */
};

/* One block device: a disk, a partition, or what is stacked on them. */
struct via_disk {
	const char *name;
	const char *path;			     /* where its link leads */
	struct via_names below;			     /* slaves, or the disk of a partition */
	via_list(struct via_pci_device *) functions; /* that it sits on itself */
	size_t mounts; /* that were told, or counted by holders_mounts_count() */
};

struct via_disks {
	struct via_fact directory; /* sys/class/block */
	via_list(struct via_disk) list;
	bool multipath; /* NVMe namespaces are reached over several paths */
};

/* holding_begin - ready to look; after probe_pci() */
struct via_holding holding_begin(const struct via_root *root, const struct via_queries *queries,
				 struct via_host *host);

/* holding_owner - the function that the last address in a path names, or NULL */
struct via_pci_device *holding_owner(const struct via_holding *holding, const char *path);

/* holding_add - a holder, unless the same is known */
void holding_add(const struct via_holding *holding, struct via_pci_device *device,
		 struct via_holder holder);

/* holding_untold - what uses the device could not be told wholly, for that reason */
void holding_untold(struct via_pci_device *device, struct via_fact fact);

/**
 * holding_untold_all - something that uses one of the functions could not be told, or not
 * which one: where @fact is unknown, none of them is known to be idle. What a captured
 * tree leaves out (ENODATA) counts as not there: these are things that few hosts have.
 */
void holding_untold_all(struct via_holding *holding, struct via_fact fact);

/* holding_unmade_all - likewise for what was made of one: its interfaces and disks */
void holding_unmade_all(struct via_holding *holding, struct via_fact fact);

/* holding_end - mark the functions by the two above, and sort what was found */
void holding_end(struct via_holding *holding);

/* holding_behind - the function behind an entry of a directory of links (sys/class/net), or
 * NULL; what is no link (bonding_masters) has none. @ret_link may be NULL. */
struct via_pci_device *holding_behind(struct via_holding *holding, const char *directory,
				      const char *entry, struct via_fact *ret_link);

/* holding_class - the entries of sys/class/NAME; @each is called for those that a function
 * is behind.
 * Return: present, absent, or the first thing of it that could not be read */
struct via_fact holding_class(struct via_holding *holding, const char *name,
			      void (*each)(struct via_holding *holding,
					   struct via_pci_device *device, const char *entry));

/* Each finds the holders of its kind. */
void holders_disks(struct via_holding *holding, struct via_disks *ret);
void holders_mounts(struct via_holding *holding, struct via_disks *disks);

/* holders_mounts_count - note which disks are mounted here, before holders_mounts_of() */
void holders_mounts_count(struct via_holding *holding, struct via_disks *disks);

/**
 * holders_mounts_of - what is mounted in the mount namespace of a process, and not here
 * @who: the process, in words
 *
 * Return: whether its mounts could be read
 */
struct via_fact holders_mounts_of(struct via_holding *holding, struct via_disks *disks,
				  const char *pid, const char *who);

void holders_exports(struct via_holding *holding, struct via_disks *disks);
void holders_swap(struct via_holding *holding, struct via_disks *disks);
void holders_zfs(struct via_holding *holding, struct via_disks *disks);
void holders_net(struct via_holding *holding);
void holders_display(struct via_holding *holding);
void holders_input(struct via_holding *holding);
void holders_console(struct via_holding *holding);
void holders_vfio(struct via_holding *holding);

/**
 * holders_sleepers - of what is enabled and sleeps on a VFIO driver, say that it may be open
 *
 * The last to say something, since the first reason stays: after holding_end().
 * @looked: every process was looked at, so what has a node and was not found open is closed
 */
void holders_sleepers(struct via_holding *holding, bool looked);

/* holders_sleepers_forget - before a look at every process, which may settle it */
void holders_sleepers_forget(struct via_holding *holding);

void holders_mediated(struct via_holding *holding);
void holders_virtual(struct via_holding *holding);
void holders_loops(struct via_holding *holding, struct via_disks *disks);

/* holders_processes - who has what open
 * Return: whether that is all of it: false where a process hid what it has */
bool holders_processes(struct via_holding *holding, struct via_disks *disks);

/* disk_find - by its kernel name, or NULL */
struct via_disk *disk_find(struct via_disks *disks, const char *name);

/* disk_of_path - by its node: "/dev/sda1", "/dev/mapper/vg0-root"; or NULL */
struct via_disk *disk_of_path(struct via_holding *holding, struct via_disks *disks,
			      const char *path);

/* disk_hold - a holder for every function that a block device rests on */
void disk_hold(const struct via_holding *holding, struct via_disks *disks, const char *name,
	       struct via_holder holder);
