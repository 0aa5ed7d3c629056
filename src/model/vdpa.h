/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"
#include "base/names.h"
#include "decode/vdpa_answer.h"

/* What can make vDPA devices, as generic netlink tells. */
struct via_vdpa_management {
	const char *bus;  /* "pci", "auxiliary"; "" for simulators and VDUSE */
	const char *name; /* "vdpasim_net", "0000:01:00.2", "vduse" */
	uint64_t classes; /* bit n: it makes virtio devices of id n */
	uint64_t features;
	unsigned int max_queues;
};

struct via_vdpa_device {
	const char *name;
	struct via_fact driver;	    /* text: vhost_vdpa, virtio_vdpa */
	struct via_fact override;   /* text; "" for none */
	const char *node;	    /* "vhost-vdpa-0": what a hypervisor opens; NULL for none */
	struct via_fact node_there; /* whether dev/vhost-vdpa-N is there */
	const char *management;	    /* NULL when not told */
	const char *bus;	    /* of the management device; "" for none */
	uint64_t id;		    /* virtio id; 0 when not told */
	unsigned int max_queues;
	struct via_vdpa_config config; /* as generic netlink tells */
	const char *disk, *interface;  /* what virtio_vdpa made of it: "vda", "eth1"; or NULL */
	struct via_fact users_known;   /* see probe_openers() */
	const char *user;	       /* who uses it, in words; NULL for nobody */
};

struct via_vdpa {
	struct via_fact bus;	   /* sys/bus/vdpa/devices; number: devices */
	struct via_fact autoprobe; /* text: "1" where a new device goes to the first driver */
	via_list(struct via_vdpa_device) devices;
	struct via_fact management_known; /* the answer of generic netlink; number */
	via_list(struct via_vdpa_management) management;
	struct via_fact vduse_control; /* dev/vduse/control */
	struct via_fact vduse_known;   /* sys/class/vduse; number: devices, without "control" */
	struct via_names vduse;
	const char **vduse_servers; /* of each: who has it open, see probe_openers(); or NULL */
	struct via_fact vhost_sockets_known; /* number */
	struct via_names vhost_sockets;	     /* paths of vhost-user sockets that are listened on */
};
