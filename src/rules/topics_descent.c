/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/explain.h"

#include "base/cleanup.h"

/* The line of descent of I/O virtualization, each generation by what it saved. */
static const struct via_topic topics[] = {
	{ .name = "trap-and-emulate",
	  .aliases = { "emulation", "full virtualization" },
	  .title = "Generation 1: every access is an exit",
	  .text = "The oldest way to give a guest a device is to pretend: the guest uses "
		  "the driver of some real card (e1000, IDE), each access to a register "
		  "traps into the hypervisor, and QEMU plays the card. Any guest runs "
		  "unmodified, and nothing of the host is needed. It costs an exit for "
		  "every register, often several for each packet, which is what all later "
		  "generations set out to save.",
	  .source = "Documentation/virt/kvm/api.rst, KVM_EXIT_IO and KVM_EXIT_MMIO" },
	{ .name = "virtio",
	  .aliases = { "paravirtualization" },
	  .title = "Generation 2: a device made for guests",
	  .text = "virtio gives up the pretence of a real card. Guest and hypervisor share "
		  "rings in the guest's memory: buffers are put there, and one write (a "
		  "kick) tells the other side, for many buffers at once. Network, disk, "
		  "console, memory balloon, GPU and more speak it, over PCI or MMIO, by one "
		  "standard, and it became the common language of everything that follows. "
		  "The work is still done in QEMU, so each kick goes through user space.",
	  .source = "OASIS virtio 1.2; Documentation/driver-api/virtio" },
	{ .name = "vhost",
	  .aliases = { "vhost-net", "vhost-vsock", "vhost-scsi" },
	  .title = "Generation 3: the rings are served in the kernel",
	  .text = "vhost moves the data path of virtio into the host's kernel: QEMU still "
		  "sets the device up, then hands the rings' addresses to /dev/vhost-net, "
		  "and a kernel thread moves packets between them and a tap device. Kicks "
		  "arrive by eventfd (ioeventfd) and interrupts leave by eventfd (irqfd), "
		  "so QEMU sleeps. vhost-vsock and vhost-scsi do the same for sockets and "
		  "disks.",
	  .source = "include/uapi/linux/vhost.h; drivers/vhost" },
	{ .name = "vfio passthrough",
	  .aliases = { "device assignment", "vfio generation" },
	  .title = "Generation 4: the device itself",
	  .text = "VFIO takes the hypervisor out of the data path: the guest's driver talks "
		  "to the hardware, the IOMMU translates its DMA, and interrupts come "
		  "straight in where they can be posted. With SR-IOV one card serves many "
		  "guests. The price: memory is pinned, live migration needs help from the "
		  "device, and guest and hardware are tied together. iommu=pt is not needed "
		  "for it, nor does it make the assigned device faster. See vfio and iommu "
		  "group.",
	  .source = "Documentation/driver-api/vfio.rst" },
	{ .name = "vhost-user",
	  .aliases = { "dpdk", "spdk" },
	  .title = "Generation 5: the rings are served by another program",
	  .text = "vhost-user speaks the vhost protocol over a Unix socket, so that a "
		  "program in user space serves the rings: a switch such as OVS-DPDK, a "
		  "storage target such as SPDK, virtiofsd for files. The guest's memory is "
		  "shared with it (memory-backend-memfd or huge pages with share=on), file "
		  "descriptors travel over the socket, and data moves without copies and, "
		  "with polling, without system calls.",
	  .source = "QEMU docs/interop/vhost-user.rst" },
	{ .name = "vfio-mdev",
	  .aliases = { "mdev", "mediated devices", "vgpu", "gvt-g" },
	  .title = "Generation 6: a device cut up by its driver",
	  .text = "A mediated device is made by a driver from a card that has no SR-IOV for "
		  "it: the driver traps what must be shared (setup, scheduling) and lets "
		  "the guest do the rest directly. It shows up as a VFIO device with a "
		  "group of its own, so QEMU needs nothing new. Parents offer types under "
		  "mdev_supported_types; a UUID written to create makes one. Intel's GVT-g "
		  "(5th to 10th generation) and NVIDIA's older vGPU were its users. Newer "
		  "NVIDIA drivers use virtual functions with their own VFIO driver, and the "
		  "glue module vfio_mdev is gone since 5.19.",
	  .source = "Documentation/driver-api/vfio-mediated-device.rst; drivers/vfio/mdev" },
	{ .name = "vdpa",
	  .aliases = { "virtio data path acceleration" },
	  .title = "Generation 7: hardware that speaks virtio",
	  .text = "vDPA joins passthrough's speed to virtio's uniformity: the card moves "
		  "data by virtio rings in hardware, while its setup goes through a driver "
		  "of the vendor (mlx5_vdpa, ifcvf, vp_vdpa). The guest sees a plain virtio "
		  "device, so images and migration do not depend on the maker. The same "
		  "device can serve a guest by /dev/vhost-vdpa-N, or the host itself by "
		  "virtio_vdpa. Devices are made by the vdpa tool over netlink; vdpa_sim "
		  "needs no hardware.",
	  .source = "drivers/vdpa/vdpa.c; vdpa(8)" },
	{ .name = "vduse",
	  .aliases = { "vdpa device in userspace" },
	  .title = "Generation 8: a vDPA device played by a program",
	  .text = "VDUSE (since 5.15) lets a program in user space be the vDPA device: it "
		  "registers over /dev/vduse/control, serves the rings, and the device "
		  "appears on the vDPA bus, where a guest or the host's own virtio drivers "
		  "can use it. Data of the host's kernel passes through bounce buffers, so "
		  "the program sees no other memory. Unlike vhost-user it needs no "
		  "hypervisor that speaks a protocol: containers can use it too. Block "
		  "devices came first, network followed.",
	  .source = "Documentation/userspace-api/vduse.rst; drivers/vdpa/vdpa_user" },
};

const struct via_topic_table topics_descent = { topics, VIA_COUNT(topics) };
