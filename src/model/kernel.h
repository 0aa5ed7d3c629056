/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/fact.h"
#include "decode/kernel_config.h"
#include "model/device_node.h"
#include "model/dkms.h"
#include "model/kernel_tuning.h"
#include "model/module.h"

struct via_iommu_unit {
	const char *name; /* dmar0, ivhd0, … */
	struct via_fact cap, ecap;
};

struct via_kernel {
	struct via_fact command_line;
	struct via_fact config; /* text: path of the configuration that was read */
	struct via_fact options[VIA_KERNEL_OPTION_COUNT]; /* text: y, m, n …; absent is n */
	struct via_fact modules_directory;
	struct via_module modules[VIA_MODULES];
	via_list(struct via_module) configured; /* others that modprobe.d is about */
	struct via_fact modprobe_known;		/* etc/modprobe.d; number: files read anywhere */
	via_list(struct via_modprobe_rule) modprobe;
	struct via_names modprobe_unread; /* what modprobe leaves unread for want of ".conf" */
	via_list(struct via_named_module) asked; /* by etc/modules and etc/modules-load.d */
	via_list(struct via_live_parameter) parameters;

	struct via_fact iommu_class; /* sys/class/iommu; number: units */
	via_list(struct via_iommu_unit) units;
	struct via_fact interrupts_remapped; /* IR- controllers in proc/interrupts; number */
	struct via_fact unsafe_interrupts;   /* vfio_iommu_type1.allow_unsafe_interrupts */
	struct via_fact noiommu;	     /* vfio.enable_unsafe_noiommu_mode */

	struct via_fact kvm_open, kvm_api, kvm_create_vm, kvm_max_vcpus;
	struct via_fact kvm_nested; /* text */
	struct via_fact dev_vfio, dev_iommufd;
	struct via_device_node nodes[VIA_NODES];
	via_list(struct via_device_node) vfio_nodes; /* of groups, and of devices (cdev) */
	struct via_fact vfio_groups, vfio_devices;   /* dev/vfio, dev/vfio/devices */
	struct via_caller caller;

	struct via_tuning tuning;
	struct via_framebuffer framebuffer;
	struct via_fact tainted;	/* number: bits */
	struct via_fact signed_only;	/* text: module.sig_enforce */
	struct via_fact container;	/* text: lxc, docker …; absent: none */
	struct via_fact sysfs_mount;	/* text: ro or rw */
	struct via_fact mdev_parents;	/* sys/class/mdev_bus; number */
	struct via_fact virtio_devices; /* sys/bus/virtio/devices; number */
	struct via_fact vdpa_devices;	/* sys/bus/vdpa/devices; number */
	struct via_fact vhost_user;	/* usr/share/qemu/vhost-user; number: back ends */

	struct via_fact dkms_tree; /* var/lib/dkms; number: packages */
	via_list(struct via_dkms_package) dkms;
	struct via_dkms dkms_kernels;
};

/* kernel_option - the text of an option, or NULL where no configuration could be read */
static inline const char *kernel_option(const struct via_kernel *kernel,
					enum via_kernel_option option)
{
	return fact_text(&kernel->options[option]);
}

/* kernel_option_is - whether it is known to be that: "y", "n" */
bool kernel_option_is(const struct via_kernel *kernel, enum via_kernel_option option,
		      const char *value);

/* kernel_starts_vtd - whether it is known to be built to drive VT-d without being told */
bool kernel_starts_vtd(const struct via_kernel *kernel);

/* kernel_parameter - a live parameter; not asked where the probe did not look for it */
const struct via_fact *kernel_parameter(const struct via_kernel *kernel, const char *module,
					const char *name);

/* kernel_module - one of that name, '-' being '_', or NULL where nobody looked for it */
const struct via_module *kernel_module(const struct via_kernel *kernel, const char *name);
