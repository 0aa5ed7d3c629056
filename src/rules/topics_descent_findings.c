/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/explain.h"

#include "base/cleanup.h"

static const struct via_finding_topic topics[] = {
	{ .id = "descent.trap-and-emulate",
	  .means =
		  "Whether the first generation is to be had: KVM traps what a guest does, QEMU plays the device.",
	  .rests = "A virtual machine that KVM really created.",
	  .act = "See kernel.kvm." },
	{ .id = "descent.virtio",
	  .means =
		  "Whether virtio is to be had: the host needs nothing but KVM and QEMU; the guest has the drivers.",
	  .rests = "KVM as in generation 1, and the virtio devices this machine has as a guest.",
	  .act = "Take virtio for disk and network wherever the guest has drivers." },
	{ .id = "descent.vhost",
	  .means =
		  "Whether the kernel serves rings: vhost-net, vhost-vsock, vhost-scsi, each a module with a node.",
	  .rests = "How this kernel has each module, and kind and mode of its node.",
	  .act = "modprobe vhost_net where it is not loaded; QEMU takes it with vhost=on." },
	{ .id = "descent.vfio",
	  .means = "Whether whole devices can go to guests: an IOMMU that is driven, and vfio-pci.",
	  .rests = "/sys/class/iommu and how this kernel has vfio-pci.",
	  .act = "See iommu.in-use and kernel.vfio, then viaduct plan passthrough." },
	{ .id = "descent.vhost-user",
	  .means = "Whether a guest's memory can be shared with a program that serves its rings.",
	  .rests =
		  "CONFIG_MEMFD_CREATE, free huge pages, and descriptions of such programs in /usr/share/qemu/vhost-user.",
	  .act = "Give the guest memory-backend-memfd with share=on, and install the program." },
	{ .id = "descent.mdev",
	  .means = "Whether this kernel has mediated devices, and whether a driver offers types.",
	  .rests = "How this kernel has mdev, and the parents in /sys/class/mdev_bus.",
	  .act = "On Intel graphics up to the 10th generation i915.enable_gvt=1; elsewhere look for virtual functions instead." },
	{ .id = "descent.vdpa",
	  .means =
		  "Whether this kernel has vDPA, what hands its devices on (vhost_vdpa, virtio_vdpa), and which drivers make them.",
	  .rests = "How this kernel has each of those modules, and the devices on /sys/bus/vdpa.",
	  .act = "modprobe vdpa vhost_vdpa and the card's driver; vdpa_sim_net needs no card." },
	{ .id = "descent.vduse",
	  .means = "Whether a program can play a vDPA device: module vduse and /dev/vduse/control.",
	  .rests = "How this kernel has vduse, and the node.",
	  .act = "modprobe vduse, on a kernel with CONFIG_VDPA_USER." },
};

const struct via_finding_topic_table descent_topics = { topics, VIA_COUNT(topics) };
