/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "prove/report.h"
#include "prove/vhost_ring.h"
#include "sys/root.h"

/* Rings of a virtio network device. */
enum { VDPA_RECEIVE, VDPA_TRANSMIT };

/* What the rungs of vDPA hand on to each other. */
struct vdpa_proof {
	const struct via_root *root;
	char name[64], node[80];
	int fd;
	uint32_t id; /* of virtio: what kind of device it is */
	uint64_t features;
	struct vhost_memory_area area;
	struct vhost_ring rings[2];
};

/* vdpa_find_node - the node by which vhost_vdpa gives that device away; false: it has none */
bool vdpa_find_node(struct vdpa_proof *proof, struct via_arena *arena, const char *name);

/* Rungs: a simulator with a node; what it is; its status up to FEATURES_OK; memory of its own */
int climb_vdpa_device(void *context, const struct via_report *report);
int climb_vdpa_open(void *context, const struct via_report *report);
int climb_vdpa_status(void *context, const struct via_report *report);
int climb_vdpa_memory(void *context, const struct via_report *report);

/* vdpa_start - @count rings, then DRIVER_OK; 0 or a negative errno */
int vdpa_start(struct vdpa_proof *proof, unsigned int count, const char **ret_call);
void vdpa_leave(void *context);
