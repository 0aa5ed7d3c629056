/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/explain.h"

#include "base/cleanup.h"

static const struct via_finding_topic topics[] = {
	{ .id = "devices.sriov-drivers",
	  .means =
		  "Whether each function with SR-IOV has a driver that can make virtual functions, "
		  "for only the driver can; and whether there are bus numbers enough for them.",
	  .rests = "sriov_totalvfs, offset, stride and the driver link of each device, a list of "
		   "the kernel's drivers that do, and the buses that the port above leads to.",
	  .act = "Load the card's driver; DKMS is needed for a few cards only. Where bus numbers "
		 "are short, pci=assign-busses or ARI." },
	{ .id = "devices.declared",
	  .means = "Whether virtual functions, devices held for guests and the rest are as "
		   "/etc/viaduct/host.yaml declares them: what the boot did not make, and "
		   "what was changed by hand since.",
	  .rests = "The plan that viaduct plan --file makes of that file: an empty one is "
		   "a host that is as declared.",
	  .act = "Look at the differences with viaduct plan --file and apply them, or "
		 "correct the file. journalctl -u viaduct-host tells what the boot could "
		 "not make." },
	{ .id = "devices.keepers",
	  .means = "Who else sets devices up at boot, or gives them to guests: driverctl, "
		   "netplan, systemd's network files, udev rules, libvirt, Proxmox VE. Two "
		   "that set up the same device undo each other's work.",
	  .rests = "Their own files below /etc. Names of guests and interfaces are compared "
		   "with the devices that are here.",
	  .act = "Let one program have each device. viaduct leaves the files of others as "
		 "they are." },
	{ .id = "devices.dkms",
	  .means = "Whether modules kept by DKMS are in place for the running kernel and each "
		   "newer one that is installed. One that is not is simply missing after the "
		   "next start.",
	  .rests = "/var/lib/dkms, dkms.conf (BUILD_EXCLUSIVE_KERNEL skips in silence), "
		   "modules.dep of each kernel, the signature at the end of a module, and "
		   "whether firmware's list of machine owner keys has the signing key.",
	  .act = "Install that kernel's headers and run dkms autoinstall; under Secure Boot "
		 "enroll the key with mokutil; where a module of the kernel's own stands "
		 "before it, set the search order of depmod." },
	{ .id = "devices.acs",
	  .means = "Whether ports keep the devices behind them apart. Where one does not, "
		   "groups are larger.",
	  .rests = "The ACS capability and control of each port in its configuration space "
		   "(needs root), and the kernel's own list of exceptions.",
	  .act = "Move the card to another slot. pcie_acs_override hides the gap and does "
		 "not close it." },
	{ .id = "devices.virtual-functions",
	  .means = "Which virtual functions there are, and what holds them.",
	  .rests = "The virtfn and physfn links and the drivers of each function.",
	  .act = "See viaduct plan sriov for making them, and pf and vf here for what they "
		 "are." },
	{ .id = "devices.baseline",
	  .means = "Whether devices are in the groups that they were in, and can be reset as they "
		   "could, when the host was last recorded as good: a kernel or firmware update "
		   "changes both, and a guest then fails to start, or gets less isolation than it "
		   "had.",
	  .rests = "/var/lib/viaduct/baseline, which viaduct baseline save writes, and viaduct "
		   "apply --file; groups are told by their members.",
	  .act = "Look at viaduct list --groups; go back to the old kernel, or accept it with "
		 "viaduct baseline save." },
	{ .id = "devices.in-use",
	  .means = "Which devices the host needs for itself: the disk with its system, the "
		   "interface with the default route or an SSH session, the only screen, the "
		   "only keyboard, the only console.",
	  .rests = "Mounts, swap and what is stacked on disks; routes and connections by the "
		   "names of their interfaces; enabled connectors; keyboards. Who has a "
		   "device open is looked at for viaduct show, plan and bind.",
	  .act = "Nothing, unless it warns: then what the host needs shares a group with "
		 "other devices, and neither can go to a guest. Taking such a device needs "
		 "--force twice." },
	{ .id = "devices.groups",
	  .means = "Which IOMMU groups a guest could take as they are.",
	  .rests = "The members of each group, their drivers, and what on the host uses "
		   "them.",
	  .act = "Give away all devices of a group together, or bind the others to "
		 "vfio-pci or no driver; bridges may stay." },
	{ .id = "devices.reserved-mapping",
	  .means = "Which devices the kernel refused to give away because firmware goes on "
		   "using memory through them.",
	  .rests = "The refusal in the kernel log. reserved_regions of the group shows the "
		   "same before a try.",
	  .act = "Switch off what shares the memory in the setup menu, or use another "
		 "device. Patches that relax the check let firmware write over the "
		 "guest." },
	{ .id = "devices.bar-busy",
	  .means = "Whether a driver found the addresses of its device taken. Of a "
		   "graphics card it is the picture of the boot.",
	  .rests = "The lines \"can't reserve\" in the kernel log.",
	  .act = "Linux 6.0 and later frees the framebuffer when vfio-pci takes a VGA "
		 "card; before, initcall_blacklist=sysfb_init does." },
	{ .id = "devices.bar-space",
	  .means = "Whether BARs were left without addresses.",
	  .rests = "The lines \"no space\" and \"failed to assign\" in the kernel log that "
		   "no later line made good.",
	  .act = "Above 4G Decoding in the setup menu, pci=realloc, or Resizable BAR "
		 "off." },
	{ .id = "devices.sriov-failures",
	  .means = "What kept virtual functions away, told apart: no room for their BARs, "
		   "no bus numbers, or the driver.",
	  .rests = "What the kernel said when sriov_numvfs was written, or when it gave "
		   "out addresses.",
	  .act = "Room: Above 4G Decoding and pci=realloc. Bus numbers: ARI or "
		 "pci=assign-busses. Driver: bind the physical function's own, and write "
		 "0 first." },
	{ .id = "devices.resets",
	  .means = "Which devices did not come back from a reset or from sleep.",
	  .rests = "The lines \"not ready\", \"change power state\" and \"reset recovery\" "
		   "in the kernel log.",
	  .act = "Start the machine cold; keep the device out of D3; see reset_method. "
		 "vendor-reset helps some AMD graphics cards." },
	{ .id = "devices.bus-errors",
	  .means = "Whether links report errors that the hardware could not correct.",
	  .rests = "The lines of AER and DPC in the kernel log.",
	  .act = "Seat the card anew, avoid risers, lower the link's speed, "
		 "pcie_aspm=off." },
	{ .id = "devices.vfio-refusals",
	  .means = "What VFIO refused, or did without protection, and why: no interrupt "
		   "remapping, memory lock limit, an unreadable ROM, a device that is "
		   "held.",
	  .rests = "The lines of vfio, vfio-pci and driver probing in the kernel log.",
	  .act = "Do what the line names; viaduct show DEVICE tells what keeps the "
		 "device now." },
	{ .id = "devices.mediated",
	  .means = "Which drivers offer mediated devices (mdev), of which types and how many are "
		   "left, and whether those that mdevctl keeps are there.",
	  .rests = "/sys/class/mdev_bus, /sys/bus/mdev/devices and /etc/mdevctl.d.",
	  .act = "Make one with mdevctl or viaduct mdev; one that does not come back at boot "
		 "often waits for a parent that comes late." },
	{ .id = "devices.vgpu",
	  .means = "Which graphics can be shared between guests, and by which of the ways: GVT-g "
		   "up to Intel's 10th generation, SR-IOV from the 12th on, NVIDIA's vGPU with or "
		   "without mdev.",
	  .rests = "The ids of each graphics function, sriov_totalvfs and its driver, mdev "
		   "parents, whether this kernel has mdev and kvmgt, and "
		   "nvidia/current_vgpu_type of virtual functions.",
	  .act = "Take the driver that the way needs; on newer NVIDIA drivers there is no mdev, "
		 "and a type's number is written to current_vgpu_type." },
	{ .id = "devices.vdpa",
	  .means = "What can make vDPA devices here, which there are, and who drives them.",
	  .rests = "/sys/bus/vdpa/devices, what generic netlink's family vdpa answers, "
		   "/dev/vduse/control and /dev/vhost-vdpa-N.",
	  .act = "For guests bind vhost_vdpa, for this host virtio_vdpa; driver_override "
		 "chooses." },
	{ .id = "devices.virtio",
	  .means = "virtio devices that the machine below gives this host, which is then a guest "
		   "itself.",
	  .rests = "/sys/bus/virtio/devices and the features that were agreed on.",
	  .act = "To give one on to a guest inside, the machine below must offer it with a "
		 "virtual IOMMU and iommu_platform=on." },
	{ .id = "devices.gpu",
	  .means = "Which graphics cards there are, which one firmware put the display on, and "
		   "whether two have the same ids.",
	  .rests = "The display class, boot_vga, drivers, and the other functions of each card.",
	  .act = "Give twins away by address, never by ids; before the only card goes, have "
		 "another way into the host." },
	{ .id = "devices.reset",
	  .means = "Whether cards, adapters and NVMe drives can be brought back to where they "
		   "started, between one user and the next.",
	  .rests = "reset and reset_method of each, what else sits on its bus, and the families "
		   "that are known not to come back.",
	  .act = "Prefer a device with flr; write another order to reset_method; for AMD's older "
		 "cards see vendor-reset." },
	{ .id = "devices.power",
	  .means = "Whether a graphics card was lost to sleep: some do not come back from D3cold.",
	  .rests = "power_state, runtime_status and d3cold_allowed of each card.",
	  .act = "Write 0 to d3cold_allowed of that card; vfio-pci.disable_idle_d3=1 keeps all "
		 "that vfio-pci holds awake." },
	{ .id = "devices.vfio-variants",
	  .means = "Whether a device held for guests has a VFIO driver of its own (mlx5_vfio_pci, "
		   "nvgrace_gpu_vfio_pci and others), which stands before vfio-pci.",
	  .rests = "The aliases vfio_pci: of this kernel's modules.",
	  .act = "Bind that driver in place of vfio-pci, or lose live migration." },
};

const struct via_finding_topic_table device_topics = { topics, VIA_COUNT(topics) };
