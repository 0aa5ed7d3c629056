/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/explain.h"

#include "base/cleanup.h"

/* What each finding means; every rule has its row (tests/unit/test_explain.c). */
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
	{ .id = "firmware.iommu-table",
	  .means = "Whether firmware describes an IOMMU at all: the table DMAR for VT-d, "
		   "IVRS for AMD-Vi. No kernel parameter can stand in for a missing table.",
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
	  .rests = "The flag INTR_REMAP of DMAR, or the units of IVRS.",
	  .act = "Update the firmware, and look for interrupt remapping or x2APIC in the "
		 "setup menu." },
	{ .id = "firmware.sriov-room",
	  .means = "Whether functions with SR-IOV were given addresses for their virtual "
		   "functions.",
	  .rests = "The virtual functions' BARs in each device's resource file, and whether "
		   "a root bus has a window above 4 GiB.",
	  .act = "Switch on Above 4G Decoding and SR-IOV Support in the setup menu, or "
		 "boot with pci=realloc." },
	{ .id = "firmware.vt-c",
	  .means = "Which network cards can help guests. VT-c is a name over VMDq, SR-IOV "
		   "and I/OAT, and not a switch.",
	  .rests = "The class of each PCI device and its sriov_totalvfs.",
	  .act = "Nothing has to be done; see sr-iov for how to use it." },
	{ .id = "firmware.secure-boot",
	  .means = "Whether Secure Boot or lockdown is in force. VFIO and KVM go on working "
		   "under both; unsigned modules and raw access to devices do not.",
	  .rests = "The SecureBoot variable of EFI and /sys/kernel/security/lockdown.",
	  .act = "Nothing, unless DKMS modules are needed: enroll their key with mokutil." },
	{ .id = "kernel.kvm",
	  .means = "Whether KVM really creates a virtual machine, which says more than that "
		   "/dev/kvm is there.",
	  .rests = "Opening /dev/kvm, its version, and one empty virtual machine made and "
		   "thrown away.",
	  .act = "Load kvm_intel or kvm_amd; on EACCES join the group of /dev/kvm; on "
		 "EBUSY stop the other hypervisor." },
	{ .id = "iommu.in-use",
	  .means = "Whether the kernel drives the IOMMU that firmware describes. Everything "
		   "about passthrough rests on this.",
	  .rests = "The units in /sys/class/iommu. The directory iommu_groups alone proves "
		   "nothing, nor does \"DMAR: IOMMU enabled\" in the log.",
	  .act = "On Intel add intel_iommu=on where the kernel is not built to start by "
		 "itself; on AMD look for AMD-Vi errors in the log, since there is no "
		 "amd_iommu=on; remove iommu=off and its like." },
	{ .id = "iommu.interrupt-remapping",
	  .means = "Whether interrupts of devices go through the remapping table. If not, "
		   "VFIO refuses to attach devices, or a guest could forge interrupts.",
	  .rests = "Controllers with the prefix IR- in /proc/interrupts, and the parameter "
		   "allow_unsafe_interrupts.",
	  .act = "Remove intremap=off, noapic and their like, update firmware. Accepting "
		 "unsafe interrupts is for guests you trust." },
	{ .id = "kernel.vfio",
	  .means = "Whether this kernel has vfio-pci, built in or as a module.",
	  .rests = "/sys/module, modules.builtin, modules.dep and the kernel's "
		   "configuration. Built-in code ignores modprobe.d: there vfio-pci.ids= on "
		   "the command line or driver_override is the way.",
	  .act = "Install a kernel with CONFIG_VFIO_PCI; small cloud kernels leave it out." },
	{ .id = "kernel.command-line",
	  .means = "Whether words of the command line help, do nothing, or work against "
		   "passthrough.",
	  .rests = "/proc/cmdline, judged word by word against this kernel's release, "
		   "configuration, modules and processor.",
	  .act = "Run viaduct lint, and take out what has no effect or is wrong. viaduct "
		 "explain NAME tells about each parameter." },
	{ .id = "kernel.boot-loader",
	  .means = "Whether what is configured is what was booted. Editing a file that this "
		   "machine does not boot from is the commonest way to change nothing.",
	  .rests = "The LoaderInfo variable, BOOT_IMAGE on the command line, grub.cfg and "
		   "loader entries, and GRUB's configured words beside the booted ones.",
	  .act = "Regenerate the loader's configuration (update-grub, grub2-mkconfig) and "
		 "reboot; if the words stay away, another loader boots this machine." },
	{ .id = "kernel.proxmox",
	  .means = "On Proxmox VE, where the command line is kept: systemd-boot and GRUB "
		   "installs differ.",
	  .rests = "pveversion, /etc/kernel/proxmox-boot-uuids, /etc/kernel/cmdline and the "
		   "LoaderInfo variable.",
	  .act = "Change the file it names, then run proxmox-boot-tool refresh or "
		 "update-grub." },
	{ .id = "kernel.gpu-passthrough",
	  .means = "Whether a graphics card can be given away without taking the host's "
		   "display.",
	  .rests = "The display-class devices, boot_vga and their drivers.",
	  .act = "Have a second card, or another way into the host (network, serial "
		 "console), before the only card goes." },
	{ .id = "devices.sriov-drivers",
	  .means =
		  "Whether each function with SR-IOV has a driver that can make virtual functions, "
		  "for only the driver can; and whether there are bus numbers enough for them.",
	  .rests = "sriov_totalvfs, offset, stride and the driver link of each device, a list of "
		   "the kernel's drivers that do, and the buses that the port above leads to.",
	  .act = "Load the card's driver; DKMS is needed for a few cards only. Where bus numbers "
		 "are short, pci=assign-busses or ARI." },
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
	  .rests = "The ids of each graphics function, sriov_totalvfs, mdev parents, and "
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
	{ .id = "devices.rebar",
	  .means = "Whether a graphics card shows its memory through a window of 256 MiB though it "
		   "could show all of it.",
	  .rests = "The size of its largest prefetchable BAR, and resourceN_resize (Linux 6.1).",
	  .act = "Above 4G Decoding and Resizable BAR in the setup menu, or resourceN_resize while "
		 "no driver is bound. Guests work with either size." },
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
	{ .id = "devices.groups",
	  .means = "Which IOMMU groups a guest could take as they are.",
	  .rests = "The members of each group, their drivers, and what on the host uses "
		   "them.",
	  .act = "Give away all devices of a group together, or bind the others to "
		 "vfio-pci or no driver; bridges may stay." },
};

const struct via_finding_topic_table topics_findings = { topics, VIA_COUNT(topics) };
