/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "probe/holding.h"

/**
 * struct via_node - one device node by which a function can be used
 * @path: "/dev/dri/card0"; ends in a slash where all below it is meant
 * @function: behind it; NULL for a block device
 * @disk: the block device's kernel name, else NULL
 * @user: of a device that is no function: where to say who has it open; else NULL
 * @vfio: opening it takes the function out of the host's hands
 */
struct via_node {
	const char *path;
	struct via_pci_device *function;
	const char *disk;
	const char **user;
	bool vfio;
};

struct via_nodes {
	via_list(struct via_node) list; /* sorted by path */
	struct via_disks *disks;
};

/* nodes_gather - every node that leads to a function */
void nodes_gather(struct via_nodes *ret, struct via_holding *holding, struct via_disks *disks);

/* nodes_find - the first node of what a process has open, or NULL; nodes_next() gives the
 * others of the same path */
const struct via_node *nodes_find(const struct via_nodes *nodes, const char *target);
const struct via_node *nodes_next(const struct via_nodes *nodes, const struct via_node *node);
