/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/explain.h"

#include "base/cleanup.h"

static const struct via_finding_topic topics[] = {
	{ .id = "firmware.cpu-virtualization",
	  .means = "Whether the processor has VT-x or AMD-V, and whether firmware left it "
		   "on. Without it KVM cannot run a guest at any useful speed.",
	  .rests = "The flags in /proc/cpuinfo beside what the CPUID instruction answers: an "
		   "extension that CPUID has and the kernel hides was switched off by "
		   "firmware. Inside a virtual machine, the hypervisor below decides.",
	  .act = "Switch on Intel Virtualization Technology or SVM Mode in the setup menu "
		 "and start the machine cold; in a guest, have nesting allowed by the "
		 "host." },
	{ .id = "firmware.hypervisor",
	  .means = "Whether this machine is itself a virtual one, of which hypervisor, and "
		   "whether it may have guests of its own (nested virtualization).",
	  .rests = "Bit 31 of CPUID leaf 1, the signatures at 40000000h and 40000100h, "
		   "/sys/hypervisor, and what the board calls itself.",
	  .act = "Have the machine below allow nesting, and pass devices on only after they "
		 "were passed in: a guest needs a virtual IOMMU for that." },
	{ .id = "firmware.iommu-table",
	  .means = "Whether firmware describes an IOMMU at all: the table DMAR for VT-d, "
		   "IVRS for AMD-Vi, VIOT for virtio-iommu, IORT for Arm's SMMU. No kernel "
		   "parameter can stand in for a missing table.",
	  .rests = "The names in /sys/firmware/acpi/tables, which need no privilege.",
	  .act = "Switch on VT-d (System Agent or Chipset configuration) or IOMMU (AMD "
		 "CBS) in the setup menu; Auto may mean off." },
	{ .id = "firmware.iommu",
	  .means = "Whether what the table says holds together: units with addresses, "
		   "lengths that fit, a checksum, and whether regions are reserved for "
		   "devices.",
	  .rests = "The content of DMAR or IVRS, which only root may read.",
	  .act = "Update the firmware. A table with no unit or with addresses of all ones "
		 "is ignored by the kernel; a device in a reserved region cannot be given "
		 "away." },
	{ .id = "firmware.interrupt-remapping",
	  .means = "Whether firmware offers interrupt remapping, without which VFIO refuses "
		   "devices.",
	  .rests = "The flag INTR_REMAP of DMAR, or the IOAPICs that IVRS names: that of the "
		   "southbridge has to be among them.",
	  .act = "Update the firmware, and look for interrupt remapping or x2APIC in the "
		 "setup menu." },
	{ .id = "firmware.reserved-regions",
	  .means = "Whether firmware goes on using memory through a device. Binding such a "
		   "device to vfio-pci works; attaching it is refused, which is found out late.",
	  .rests = "The RMRR and IVMD entries of DMAR and IVRS with their owners looked up, or "
		   "the word direct in the reserved_regions of groups. USB controllers and "
		   "graphics are let go by the kernel (direct-relaxable).",
	  .act = "Look for what keeps the region in the firmware or the maker's tools, or "
		 "update the firmware. Patches that relax the check are dangerous." },
	{ .id = "firmware.graphics-unit",
	  .means = "Whether integrated graphics, which often has an IOMMU unit of its own, was "
		   "left without one by igfx_off.",
	  .rests = "The unit of DMAR whose scope is display functions alone, and the command "
		   "line.",
	  .act = "Take igfx_off off the command line before giving the device away or "
		 "splitting it by SR-IOV." },
	{ .id = "firmware.sriov-room",
	  .means = "Whether functions with SR-IOV were given addresses and bus numbers for "
		   "their virtual functions.",
	  .rests = "The virtual functions' BARs in each device's resource file, the bus range "
		   "and the ARI bit of the port above, and whether a root bus has a window "
		   "above 4 GiB.",
	  .act = "No addresses: switch on Above 4G Decoding and SR-IOV Support, or boot with "
		 "pci=realloc. No bus numbers: switch on ARI, use another slot, or boot with "
		 "pci=assign-busses." },
	{ .id = "firmware.vt-c",
	  .means = "Which network cards can help guests. VT-c is a name over VMDq, SR-IOV "
		   "and I/OAT, and not a switch.",
	  .rests = "The class of each PCI device, its sriov_totalvfs and the driver that has or "
		   "claims it: igb (but for I210 and I211), ixgbe, i40e, ice and fm10k drive "
		   "cards with VMDq, ioatdma drives I/OAT.",
	  .act = "Nothing has to be done; see sr-iov for how to use it. Linux uses VMDq's "
		 "queues by itself, as for macvlan with l2-fwd-offload on ixgbe." },
	{ .id = "firmware.resizable-bar",
	  .means = "Whether graphics cards show all of their memory at once. It costs speed, "
		   "not function.",
	  .rests = "The sizes that resourceN_resize offers beside the BAR's own, of cards that "
		   "are awake.",
	  .act = "Switch on Re-Size BAR Support and Above 4G Decoding in the setup menu." },
	{ .id = "firmware.secure-boot",
	  .means = "Whether Secure Boot or lockdown is in force. VFIO and KVM go on working "
		   "under both; unsigned modules, kexec, /dev/mem, writing MSRs and writing "
		   "configuration space do not.",
	  .rests = "The variables SecureBoot, SetupMode and MokSBStateRT of EFI, "
		   "/sys/kernel/security/lockdown, sig_enforce of the kernel, and the modules "
		   "that DKMS keeps.",
	  .act = "Nothing, unless DKMS modules are needed: enroll their key with mokutil." },
	{ .id = "firmware.iommu-bugs",
	  .means = "What the kernel itself found wrong in the firmware's IOMMU tables. "
		   "Some faults it works around, some cost interrupt remapping or the "
		   "whole IOMMU.",
	  .rests = "Lines with [Firmware Bug] of DMAR and AMD-Vi in the kernel log.",
	  .act = "Update the firmware; quote the line to the maker of the board. "
		 "ivrs_ioapic= and its like can stand in for single entries." },
};

const struct via_finding_topic_table firmware_topics = { topics, VIA_COUNT(topics) };
