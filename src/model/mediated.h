/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"
#include "base/file.h"
#include "base/names.h"

struct via_pci_device;

/* One kind of mediated device that a parent can make. */
struct via_mdev_type {
	const char *id;		     /* i915-GVTg_V5_4, nvidia-105 */
	struct via_fact name;	     /* text */
	struct via_fact api;	     /* text: vfio-pci, vfio-ccw, vfio-ap */
	struct via_fact available;   /* number: instances that can still be made */
	struct via_fact description; /* text */
};

struct via_mdev_parent {
	const char *name;		     /* as the kernel names it: an address, or mtty */
	const struct via_pci_device *device; /* NULL when it is no PCI function */
	struct via_fact types_known;
	via_list(struct via_mdev_type) types;
};

/* One mediated device that exists. */
struct via_mdev {
	const char *uuid;
	const char *parent;    /* name of its parent; NULL when not told */
	struct via_fact type;  /* text: the type's id */
	struct via_fact group; /* text */
	struct via_fact driver;
	const char *node; /* "vfio3": its character device, beside the one of its group; NULL */
	struct via_fact users_known; /* see probe_openers() */
	const char *user;	     /* "qemu (pid 12) has /dev/vfio/9 open"; NULL for none */
};

/* One that mdevctl keeps a definition of: it is made again at boot if it says so. */
struct via_mdev_definition {
	const char *parent, *uuid;
	const char *type; /* NULL when not told */
	bool automatic;
	bool exists;
	struct via_file file;
};

/* A VF of NVIDIA's driver that carries a vGPU without being a mediated device. */
struct via_vgpu {
	const char *name; /* address */
	const struct via_pci_device *device;
	struct via_fact current;   /* number: id of the vGPU type; 0 for none */
	struct via_fact creatable; /* text: lines "ID : name" */
};

struct via_mediated {
	struct via_fact parents_known; /* sys/class/mdev_bus; number */
	via_list(struct via_mdev_parent) parents;
	struct via_fact devices_known; /* sys/bus/mdev/devices; number */
	via_list(struct via_mdev) devices;
	struct via_fact mdevctl;	   /* the program whose definitions they are */
	struct via_fact definitions_known; /* etc/mdevctl.d */
	via_list(struct via_mdev_definition) definitions;
	struct via_fact vgpus_known; /* functions of the driver nvidia; number */
	via_list(struct via_vgpu) vgpus;
};
