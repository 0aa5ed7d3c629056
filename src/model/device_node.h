/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"

/**
 * struct via_device_node - one node under /dev, looked at and not opened
 * @seen: text: "crw-rw---- 0:107 10:238"; absent; unknown also where only a name was captured
 * @kind: 'c' a character device, 'b', 'd', '-' … as ls shows it; 0 where not seen
 * @mode: permission bits
 */
struct via_device_node {
	const char *name; /* dev/vfio/vfio */
	struct via_fact seen;
	char kind;
	unsigned int mode, uid, gid, major, minor;
};

/* As whom the host is looked at: what decides whether a node may be opened. */
struct via_caller {
	struct via_fact status;	 /* proc/self/status */
	struct via_fact uid;	 /* effective, also by asking */
	struct via_fact groups;	 /* text: numbers behind blanks, the effective one first */
	struct via_fact capable; /* number: effective capabilities */
};

enum via_node_id {
	VIA_NODE_KVM,
	VIA_NODE_VFIO,
	VIA_NODE_IOMMU,
	VIA_NODE_VHOST_NET,
	VIA_NODE_VHOST_VSOCK,
	VIA_NODE_VHOST_SCSI,
	VIA_NODE_TUN,
	VIA_NODE_VDUSE,
	VIA_NODE_KVMFR,
	VIA_NODES,
};

/**
 * node_lets - whether that caller may open a node for reading and writing
 * Return: a fact: present with number 1 or 0; unknown where owner or caller are not known
 *
 * Source: path_resolution(7), permissions; access control lists are not looked at
 */
struct via_fact node_lets(const struct via_device_node *node, const struct via_caller *caller);
