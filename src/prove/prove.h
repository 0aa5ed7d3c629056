/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "model/host.h"
#include "model/proof.h"
#include "sys/root.h"

/* The way to the IOMMU: by the group and a container of type 1, or by iommufd (Linux 6.6). */
enum via_interface { VIA_BY_GROUP, VIA_BY_IOMMUFD, VIA_INTERFACES };

/* interface_name - "group", "iommufd" */
const char *interface_name(enum via_interface interface);

/**
 * struct via_prove_options - how far to go
 * @limit_ms: for the whole road; 0 stands for 20 s
 * @interface: to a device
 * @guest_kernel, @guest_initrd: a Linux for the rung guest; NULL: firmware of our own
 * @vf_token: a UUID that the user of a VF's PF has set, where VFIO has that too; NULL: none
 */
struct via_prove_options {
	unsigned int limit_ms;
	enum via_interface interface;
	const char *guest_kernel, *guest_initrd, *vf_token;
};

/**
 * prove_kvm - run a few instructions in a virtual machine and check every exit
 * @root: the live host
 * @ret: filled in, to be given back with proof_free(); untouched on failure
 *
 * Rungs: open, vm, vcpu, run, memslot, ioeventfd, irqfd.
 *
 * Depth:  open
 * Needs:  read and write access to /dev/kvm
 * Effect: a virtual machine of a few pages for as long as it takes
 * Source: Documentation/virt/kvm/api.rst
 * Return: 0 whatever the verdicts; -EINVAL @root is not the live host; -EAGAIN, -ENOMEM,
 *         -EMFILE no process to be had
 */
int prove_kvm(const struct via_root *root, const struct via_prove_options *options,
	      struct via_proof *ret, struct via_error *error);

/**
 * prove_device - use a function through VFIO as a virtual machine monitor would
 * @host: probed from @root; says what the function must be, and what is in its group
 * @device: of @host
 * @ret: filled in, to be given back with proof_free(); untouched on failure
 *
 * Rungs: driver, open, attach, dma-map, dma-real, isolation, region, interrupt, reset, kvm,
 * guest.
 * Refuses beforehand what is not bound to a VFIO driver, what somebody uses and what shares
 * its group with a function of another driver.
 *
 * Depth:  open
 * Needs:  access to /dev/vfio/vfio and /dev/vfio/GROUP, or /dev/vfio/devices and
 *         /dev/iommu; an IOMMU
 * Effect: resets the function when it is opened, on the reset rung by each of its methods,
 *         and when it is closed; where there is a driver for its class (dma_class.h), drives
 *         it: nothing is written to a medium or a network. Its sysfs reset_method is narrowed
 *         for a moment
 * Source: Documentation/driver-api/vfio.rst, include/uapi/linux/vfio.h
 * Return: 0 whatever the verdicts; -EINVAL @root is not the live host; -ENODEV not bound to
 *         a VFIO driver, or in no group; -EBUSY somebody uses it; -EPERM its group has
 *         other drivers; -EAGAIN, -ENOMEM, -EMFILE no process to be had
 */
int prove_device(const struct via_root *root, const struct via_host *host,
		 const struct via_pci_device *device, const struct via_prove_options *options,
		 struct via_proof *ret, struct via_error *error);

/**
 * prove_reachable_by - whether the kernel has a node for a function by that interface
 * Depth: attributes
 */
bool prove_reachable_by(const struct via_root *root, const struct via_pci_device *device,
			enum via_interface interface);
