/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "prove/report.h"
#include "prove/scsi_target.h"
#include "prove/vhost_ring.h"
#include "sys/root.h"

/* What the rungs of vhost hand on to each other. */
struct vhost_proof {
	const struct via_root *root;
	int net, tap, packet; /* packet: a socket at the tap's other side */
	uint64_t net_features;
	struct vhost_memory_area net_area;
	struct vhost_ring receive, transmit;
	int vsock;
	uint64_t cid, vsock_features;
	struct vhost_memory_area vsock_area;
	int scsi;
	uint64_t scsi_features;
	struct vhost_memory_area scsi_area;
	struct scsi_target target;
};

/* vhost_open - CLIMB_PASS and a descriptor; CLIMB_SKIP there is no such node; negative errno */
int vhost_open(const struct via_root *root, const struct via_report *report, const char *node,
	       int *ret);

/**
 * vhost_begin - features, owner, memory
 * @wanted: features to agree on, where they are offered
 * @area: becomes memory that the device knows
 */
int vhost_begin(int fd, const struct via_report *report, uint64_t wanted, uint64_t *ret_features,
		struct vhost_memory_area *area);

int climb_vhost_net(void *context, const struct via_report *report);
int climb_vhost_net_ring(void *context, const struct via_report *report);
int climb_vhost_net_transmit(void *context, const struct via_report *report);
int climb_vhost_net_receive(void *context, const struct via_report *report);
void vhost_net_end(struct vhost_proof *proof);

int climb_vhost_vsock(void *context, const struct via_report *report);
int climb_vhost_vsock_ring(void *context, const struct via_report *report);
void vhost_vsock_end(struct vhost_proof *proof);

int climb_vhost_scsi(void *context, const struct via_report *report);
int climb_vhost_scsi_ring(void *context, const struct via_report *report);
void vhost_scsi_end(struct vhost_proof *proof);
