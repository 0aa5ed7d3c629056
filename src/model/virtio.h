/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"
#include "base/names.h"

struct via_pci_device;

enum {
	VIRTIO_F_VERSION_1_BIT = 32,
	VIRTIO_F_ACCESS_PLATFORM_BIT = 33, /* its DMA goes through the IOMMU of this machine */
};

/* A virtio device of this host, which is then a guest (or has vDPA). */
struct via_virtio_device {
	const char *name;		     /* virtio0 */
	struct via_fact id;		     /* number: 1 network, 2 block … */
	struct via_fact driver;		     /* text */
	struct via_fact features;	     /* number: what was agreed on, bit n is feature n */
	const char *parent;		     /* the name of what it sits on: an address, vdpa0 */
	const struct via_pci_device *device; /* NULL when that is no PCI function */
};

struct via_virtio {
	struct via_fact known; /* sys/bus/virtio/devices; number */
	via_list(struct via_virtio_device) devices;
};

/* virtio_id_name - "network", "block", "GPU" …; NULL for an unknown number */
const char *virtio_id_name(uint64_t id);

/* virtio_feature_name - of the bits that belong to every device; NULL for the others */
const char *virtio_feature_name(unsigned int bit);
