/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/explain.h"

#include "base/cleanup.h"

/* The words of the field, each with what is often got wrong about it. */
static const struct via_topic topics[] = {
	{ .name = "vt-x",
	  .aliases = { "vmx" },
	  .title = "Intel's processor extension for virtual machines",
	  .text = "VT-x adds a second way of running to an Intel processor: the guest "
		  "executes its own instructions at full speed in non-root mode, and leaves "
		  "it (a VM exit) only for what the hypervisor asked to see. Linux shows it "
		  "as the flag vmx, with ept for the second page table. Firmware can switch "
		  "it off and lock that until the next reset (MSR 0x3a); the kernel then "
		  "drops the flag and KVM refuses to load. VT-x says nothing of devices: "
		  "handing one to a guest needs VT-d as well, and either can be on without "
		  "the other.",
	  .source = "Intel SDM volume 3, chapter 24; arch/x86/kernel/cpu/feat_ctl.c" },
	{ .name = "amd-v",
	  .aliases = { "svm" },
	  .title = "AMD's processor extension for virtual machines",
	  .text = "AMD-V, or SVM, is to AMD and Hygon processors what VT-x is to Intel's: "
		  "guests run on the processor itself, with nested page tables (npt) under "
		  "them. Firmware switches it off by the SVMDIS bit of MSR 0xc0010114. Up "
		  "to Linux 6.6 the flag svm stayed in /proc/cpuinfo even then, so on those "
		  "kernels only creating a virtual machine proves anything; newer kernels "
		  "clear the flag. Most boards call the switch SVM Mode, often below the "
		  "overclocking menus.",
	  .source = "AMD64 manual volume 2, chapter 15; arch/x86/kernel/cpu/amd.c" },
	{ .name = "vt-d",
	  .aliases = { "dmar", "intel iommu" },
	  .title = "Intel's IOMMU",
	  .text = "VT-d is Intel's name for its IOMMU: hardware that translates the "
		  "addresses devices use for DMA and, as a part of its own, remaps their "
		  "interrupts. Firmware describes it in the ACPI table DMAR; without that "
		  "table no kernel parameter helps, and the switch in the setup menu (often "
		  "System Agent or Chipset configuration) comes first. Whether Linux then "
		  "drives it depends on how the kernel was built "
		  "(CONFIG_INTEL_IOMMU_DEFAULT_ON) and on intel_iommu=. What counts is "
		  "/sys/class/iommu: units dmar0, dmar1 and so on. The log line \"DMAR: "
		  "IOMMU enabled\" proves only that the word on was read.",
	  .source = "Intel VT-d specification; drivers/iommu/intel/iommu.c" },
	{ .name = "amd-vi",
	  .aliases = { "ivrs", "amd iommu" },
	  .title = "AMD's IOMMU",
	  .text = "AMD-Vi is AMD's IOMMU. Firmware describes it in the ACPI table IVRS, and "
		  "the kernel drives it by itself whenever that table is there and "
		  "CONFIG_AMD_IOMMU is set. There is no amd_iommu=on: newer kernels answer "
		  "\"Unknown option\", older ones said nothing, and it is harmless. If "
		  "/sys/class/iommu has no ivhd units, look for IVRS first and for the "
		  "IOMMU switch in the setup menu (often below AMD CBS, North Bridge); a "
		  "setting of Auto there may mean off.",
	  .source = "AMD I/O Virtualization (IOMMU) specification; drivers/iommu/amd/init.c" },
	{ .name = "iommu",
	  .aliases = { "dma remapping", "smmu" },
	  .title = "What stands between devices and memory",
	  .text = "An IOMMU does for devices what the MMU does for programs: it translates "
		  "the addresses they use and refuses the rest. That is what makes it safe "
		  "to let a guest drive a device, for the device can then reach the guest's "
		  "memory and nothing else. VT-d and AMD-Vi are two makers' names for it, "
		  "SMMU is Arm's; a setup menu that lists \"IOMMU\" beside \"VT-d\" means the "
		  "same function or a part of it. It is a different thing from VT-x and "
		  "AMD-V, which virtualize the processor. On Linux /sys/class/iommu lists "
		  "the units that are driven; the directory /sys/kernel/iommu_groups alone "
		  "proves nothing, since it is always there.",
	  .source = "Documentation/ABI/testing/sysfs-class-iommu; drivers/iommu/iommu.c" },
	{ .name = "sr-iov",
	  .aliases = { "sriov", "single root i/o virtualization" },
	  .title = "One card that shows itself as many",
	  .text = "A PCI Express function with Single Root I/O Virtualization (the physical "
		  "function, PF) can put virtual functions (VFs) beside itself, each with "
		  "its own registers, interrupts and DMA identity, so that each can go to "
		  "another guest. The PF's ordinary driver makes them when a number is "
		  "written to sriov_numvfs; the count can be changed only by way of 0. That "
		  "code is in the kernel, and most drivers (igb, ixgbe, i40e, ice, mlx5, "
		  "bnxt, nvme) need nothing from outside: DKMS is for a few, such as i915 "
		  "on 12th to 14th generation GPUs. Firmware must leave room for the VFs' "
		  "addresses (Above 4G Decoding) and bus numbers (ARI).",
	  .source = "PCI Express Base specification, chapter 9; drivers/pci/iov.c; "
		    "Documentation/PCI/pci-iov-howto.rst" },
	{ .name = "vt-c",
	  .aliases = { "vmdq", "i/oat" },
	  .title = "Intel's name for what its network cards bring",
	  .text = "VT-c is a marketing word over several things in Intel's network cards "
		  "and chipsets: VMDq sorts packets into a queue for each guest, SR-IOV "
		  "gives each guest a function of its own, and I/OAT moves data without the "
		  "processor. There is no switch called VT-c to set; look at what each card "
		  "can do. For passthrough SR-IOV is the part that matters.",
	  .source = "drivers/pci/iov.c; drivers/dma/ioat" },
	{ .name = "kvm",
	  .aliases = { "kernel-based virtual machine" },
	  .title = "The kernel's own hypervisor",
	  .text = "KVM turns Linux into a hypervisor: a program such as QEMU opens "
		  "/dev/kvm, creates a virtual machine, gives it memory, and each virtual "
		  "processor is a thread that the kernel runs in guest mode. The module kvm "
		  "has a back end for each maker (kvm_intel, kvm_amd) that loads by itself "
		  "when the processor has the extension. That /dev/kvm exists proves "
		  "little, since the node may be made without any module; creating a "
		  "virtual machine proves it. EBUSY there means another hypervisor holds "
		  "the extension. Guests within guests (nested) are allowed by default.",
	  .source = "Documentation/virt/kvm/api.rst; virt/kvm/kvm_main.c" },
	{ .name = "vfio",
	  .aliases = { "vfio-pci", "passthrough", "driver_override" },
	  .title = "How a program is allowed to drive a device",
	  .text = "VFIO gives a device to a program: its registers, interrupts and DMA, the "
		  "last fenced in by the IOMMU. The driver vfio-pci takes the place of the "
		  "device's own; QEMU then opens /dev/vfio/GROUP, since what the IOMMU "
		  "cannot tell apart can only be given away together. Not every member of a "
		  "group has to be bound to it: ports and bridges (pcieport), pci-stub and "
		  "functions without a driver may stay as they are. Bind by "
		  "driver_override, which names one device, and not by new_id, which takes "
		  "twins too. Opening a device resets it.",
	  .source = "Documentation/driver-api/vfio.rst; drivers/vfio/pci/vfio_pci_core.c" },
	{ .name = "iommufd",
	  .aliases = { "/dev/iommu", "cdev" },
	  .title = "The newer interface to IOMMUs from user space",
	  .text = "iommufd (since 6.2) separates what VFIO's container mixed: /dev/iommu "
		  "manages address spaces, and devices are attached to them one by one "
		  "through /dev/vfio/devices/vfioN (since 6.6). It brings nested "
		  "translation, dirty page tracking and accounting by user. It is optional, "
		  "and stock Debian kernels up to 6.12 leave it out, so the older way by "
		  "groups and containers remains a first-class road. Its "
		  "allow_unsafe_interrupts is a switch of its own; the one of "
		  "vfio_iommu_type1 does not reach it.",
	  .source = "Documentation/userspace-api/iommufd.rst; drivers/iommu/iommufd" },
	{ .name = "command line",
	  .aliases = { "kernel command line", "cmdline", "kernel parameters" },
	  .title = "What the kernel is told at boot",
	  .text = "The boot loader hands the kernel a line of words, and /proc/cmdline "
		  "shows the one that was really used, which may differ from the file you "
		  "edited. Names take '-' and '_' as equal; MODULE.NAME=VALUE reaches "
		  "built-in code directly and loadable modules through modprobe, also "
		  "inside the initramfs. A word the kernel does not know goes to init "
		  "without complaint, so a misspelling looks like success. Often the last "
		  "of two equal words wins, but many handlers add up. viaduct lint judges "
		  "every word against this kernel.",
	  .source = "Documentation/admin-guide/kernel-parameters.rst; kernel/params.c" },
	{ .name = "grub",
	  .aliases = { "update-grub", "/etc/default/grub" },
	  .title = "The usual boot loader",
	  .text = "GRUB keeps the kernel's words in /etc/default/grub "
		  "(GRUB_CMDLINE_LINUX_DEFAULT) and, on Debian and Ubuntu, in files of "
		  "/etc/default/grub.d, which are read later and win. They take effect only "
		  "once grub.cfg is made anew: update-grub on Debian and Ubuntu, grub2-mkconfig elsewhere. Fedora "
		  "and RHEL keep each kernel's line in a boot loader entry instead and want "
		  "grubby or grub2-mkconfig --update-bls-cmdline. That the file exists does "
		  "not mean the machine boots through GRUB: read back what was generated, "
		  "and compare with /proc/cmdline after the reboot.",
	  .source = "GRUB manual, Simple configuration; grubby(8)" },
	{ .name = "proxmox",
	  .aliases = { "proxmox ve", "pve", "proxmox-boot-tool", "pve-efiboot-tool" },
	  .title = "Where Proxmox VE keeps its command line",
	  .text = "Proxmox VE boots in one of two ways. Where proxmox-boot-tool manages the "
		  "EFI partitions with systemd-boot (ZFS installs without Secure Boot), the "
		  "line is the first of /etc/kernel/cmdline, and proxmox-boot-tool refresh "
		  "copies it; pve-efiboot-tool is that program's old name. Otherwise GRUB "
		  "boots and /etc/default/grub is the place: proxmox-boot-tool refresh "
		  "follows where that tool manages the partitions (ZFS with Secure Boot or "
		  "legacy BIOS), update-grub elsewhere. The file /etc/kernel/cmdline may be "
		  "there and unused, so ask proxmox-boot-tool status. "
		  "update-initramfs -u -k all is for changes to modules and modprobe.d, not for the command line.",
	  .source = "Proxmox VE Administration Guide, Host Bootloader" },
	{ .name = "gpu passthrough",
	  .aliases = { "gpu", "vga passthrough", "graphics" },
	  .title = "A guest that owns a graphics card",
	  .text = "Giving away a graphics card takes more than binding it to vfio-pci. Its "
		  "audio function usually shares the group and goes with it. The "
		  "framebuffer that firmware set up must let go of the card: since 6.0 "
		  "vfio-pci sees to that itself for VGA cards, before that "
		  "initcall_blacklist=sysfb_init did, while video=efifb:off stops one "
		  "driver only and not simpledrm. Host drivers must not have taken the "
		  "card. The card must be able to reset, which some AMD generations cannot; "
		  "and if it is the only one, the host loses its display. A ROM file is "
		  "needed only where the card's own cannot be read.",
	  .source = "drivers/vfio/pci/vfio_pci_core.c; drivers/firmware/sysfb.c" },
	{ .name = "dkms",
	  .aliases = { "out-of-tree modules" },
	  .title = "Modules built on the machine for each kernel",
	  .text = "DKMS keeps the source of modules that the kernel does not have and "
		  "builds them for every kernel that is installed. It needs that kernel's "
		  "headers, and under Secure Boot a key that the firmware or shim knows, "
		  "else the module is refused. \"Installed\" in its list does not promise a "
		  "build for the running kernel: a package may exclude versions silently. "
		  "Virtual functions do not need it in general; it is for i915 SR-IOV on "
		  "some Intel GPUs, NVIDIA's vGPU host driver, vendor-reset and kvmfr.",
	  .source = "dkms(8)" },
	{ .name = "acs",
	  .aliases = { "access control services" },
	  .title = "What keeps neighbours apart on PCI Express",
	  .text = "Access Control Services is a PCI Express capability of ports and "
		  "multifunction devices by which requests between devices are sent up to "
		  "the IOMMU and checked, in place of being routed straight across. Where a "
		  "port on the way lacks it, devices below can reach each other unseen, and "
		  "the kernel puts them into one IOMMU group. A few chipsets isolate "
		  "without announcing it, and the kernel knows them. pcie_acs_override, a "
		  "patch that Linux never took and some distributions carry (Proxmox, Zen, "
		  "CachyOS, Unraid), merely says that isolation exists; "
		  "pci=config_acs= (since 6.11) sets the real bits where there are any. A "
		  "better slot is often the answer.",
	  .source = "PCI Express Base specification, 6.12 and 7.7.11; drivers/pci/pci.c, "
		    "pci_acs_enabled()" },
	{ .name = "pf",
	  .aliases = { "physical function" },
	  .title = "The function that is the card",
	  .text = "The physical function is the ordinary PCI function of a card with "
		  "SR-IOV: the one with the full driver, which configures the card, makes "
		  "virtual functions and sets their MAC address, VLAN and rate. It stays "
		  "with the host as a rule. Unloading its driver takes the virtual "
		  "functions away, and with vfio-pci on it (enable_sriov=1) their users "
		  "must show a token.",
	  .source = "drivers/pci/iov.c; Documentation/PCI/pci-iov-howto.rst" },
	{ .name = "vf",
	  .aliases = { "virtual function", "virtual functions" },
	  .title = "A light copy of a function, to give away",
	  .text = "A virtual function has registers, interrupts and a DMA identity of its "
		  "own, but no setup of its own: link, firmware and most policy stay with "
		  "the physical function. It has no legacy interrupt and shows 0xffff as "
		  "its own ids in configuration space. Each normally gets an IOMMU group "
		  "for itself. Set sriov_drivers_autoprobe to 0 before making those that go "
		  "to guests, so that the host does not take them first; and set MAC and "
		  "VLAN through the PF before the guest starts. They vanish at reboot.",
	  .source = "drivers/pci/iov.c, pci_iov_add_virtfn()" },
	{ .name = "iommu group",
	  .aliases = { "iommu groups", "group", "groups" },
	  .title = "The smallest set of devices that can be given away",
	  .text = "Devices that the IOMMU cannot tell apart, or that could reach each other "
		  "without passing it, form a group, and VFIO gives away whole groups. The "
		  "kernel makes them at boot from the topology and ACS: a root port without "
		  "ACS, its siblings and all below them end in one. A group can be assigned "
		  "when each member is with vfio-pci, pci-stub or no driver, or is a bridge "
		  "with its port driver. Group numbers and even addresses can change "
		  "between boots.",
	  .source = "drivers/iommu/iommu.c, pci_device_group(); "
		    "Documentation/driver-api/vfio.rst" },
	{ .name = "interrupt remapping",
	  .aliases = { "intremap", "irq remapping", "x2apic", "posted interrupts" },
	  .title = "Fences for interrupts",
	  .text = "A message-signalled interrupt is a write to a certain address, and a "
		  "device under a guest's control can write anything. Interrupt remapping "
		  "makes the IOMMU look each one up in a table that the host owns, so none "
		  "can be forged; it also reaches processors beyond 255 (x2APIC) and lets "
		  "interrupts be posted to running guests. It is separate from DMA "
		  "remapping: a DMAR flag or AMD's IVHD offers it, and /proc/interrupts "
		  "shows names beginning with IR- when it is on. Without it VFIO refuses a "
		  "device (EPERM), unless told to accept that.",
	  .source = "drivers/iommu/irq_remapping.c; drivers/vfio/vfio_iommu_type1.c" },
	{ .name = "rmrr",
	  .aliases = { "reserved memory region", "reserved regions" },
	  .title = "Memory that firmware shares with a device",
	  .text = "A Reserved Memory Region (RMRR in DMAR, unity map in IVRS) is memory "
		  "that firmware goes on using with a device after boot, for a USB "
		  "keyboard, a management controller or integrated graphics. The IOMMU must "
		  "keep that range mapped one to one, which a guest's address space cannot, "
		  "so the kernel refuses to assign such a device. USB controllers and "
		  "graphics are let through, as their regions are not needed any more. "
		  "reserved_regions of the group shows them as direct, or direct-relaxable. "
		  "Some servers let the firmware be told to leave a slot out.",
	  .source = "drivers/iommu/intel/iommu.c, device_rmrr_is_relaxable(); Intel VT-d "
		    "specification 8.4" },
	{ .name = "reset",
	  .aliases = { "flr", "function level reset" },
	  .title = "Getting a device back to a known state",
	  .text = "Between two users a device has to forget. Function level reset (FLR) "
		  "does so for one function; a power cycle (pm) may; a bus reset takes "
		  "everything below the port, so VFIO wants the user to own all of that. "
		  "reset_method lists what the kernel will try, and empty means none. Some "
		  "NVIDIA and AMD cards have none that works well: the guest starts once, "
		  "and not again until the machine restarts. vendor-reset, out of tree, "
		  "teaches the kernel some AMD generations.",
	  .source = "drivers/pci/pci.c, pci_reset_fn_methods; "
		    "Documentation/ABI/testing/sysfs-bus-pci" },
	{ .name = "rebar",
	  .aliases = { "resizable bar", "bar" },
	  .title = "Windows into a card that can grow",
	  .text = "A base address register (BAR) is the window through which the processor "
		  "sees a card's memory. Resizable BAR lets that window be as large as the "
		  "memory itself, which graphics cards like. It needs Above 4G Decoding in "
		  "firmware, room in the bridges above, and a 64-bit prefetchable BAR. "
		  "Since 6.1 resourceN_resize in sysfs sets it while no driver is bound; a "
		  "guest sees the size the host chose. Some cards and guests only start "
		  "with the small size.",
	  .source = "PCI Express Base specification 7.8.6; drivers/pci/pci-sysfs.c" },
	{ .name = "ats",
	  .aliases = { "pri", "pasid", "address translation services" },
	  .title = "Devices that keep translations of their own",
	  .text = "Address Translation Services let a device ask the IOMMU where an address "
		  "leads and keep the answer, Page Request Interface lets it ask for a page "
		  "that is not there, and a PASID names whose address space is meant, so "
		  "one function serves many. All three trust the device: one that lies "
		  "about a translation it was given reaches any memory, so the IOMMU keeps "
		  "ATS off for a device that is marked untrusted, and ACS must keep "
		  "translated requests of others out (TransBlk). pci=noats leaves it off "
		  "for all.",
	  .source = "PCI Express Base specification, 10; drivers/pci/ats.c, "
		    "pci_ats_supported()" },
	{ .name = "nested",
	  .aliases = { "nested virtualization", "nested kvm" },
	  .title = "Guests that have guests of their own",
	  .text = "The hypervisor shows its guest VT-x or AMD-V, and runs what that guest's "
		  "hypervisor starts. kvm_intel and kvm_amd allow it by their parameter "
		  "nested, which is on by default since 4.20, and earlier on AMD. The "
		  "guest needs a processor model that shows the extension (QEMU: -cpu host). "
		  "A device goes to the inner guest only where the outer one has a virtual "
		  "IOMMU. viaduct prove nested runs one.",
	  .source = "Documentation/virt/kvm/x86/running-nested-guests.rst" },
	{ .name = "softdep",
	  .aliases = { "driver order", "early binding" },
	  .title = "Which driver comes first",
	  .text = "A device goes to the first driver that is loaded and takes it. A line "
		  "softdep nouveau pre: vfio-pci in modprobe.d has modprobe load vfio-pci "
		  "before nouveau; with options vfio-pci ids= in the same folder the card is "
		  "then taken before its own driver asks. It must stand where the driver is "
		  "loaded from: if that is the initramfs, modprobe.d has to be inside, and "
		  "the initramfs made anew after each change. It does nothing for a driver "
		  "that is built in. "
		  "driver_override names one function instead of an id, which two cards of a "
		  "kind need.",
	  .source = "modprobe.d(5); drivers/pci/pci-driver.c, pci_match_device()" },
	{ .name = "boot_vga",
	  .aliases = { "boot vga", "primary gpu", "boot display" },
	  .title = "The card that firmware put its picture on",
	  .text = "/sys/bus/pci/devices/.../boot_vga is 1 for the one card whose memory "
		  "firmware used as the framebuffer or that decodes the old VGA addresses. "
		  "The kernel goes on drawing there (efifb, simpledrm) until a real driver "
		  "comes, and that framebuffer can hold the card's BAR when it goes to a "
		  "guest: \"BAR 0: can't reserve\". The ROM the kernel shows of that "
		  "card is the copy that firmware ran (0xc0000), so a guest may need a clean "
		  "one. A monitor on another "
		  "card does not move it; the setup menu (primary display) does. A guest "
		  "gets legacy VGA only by x-vga, which few need with OVMF.",
	  .source = "drivers/pci/vgaarb.c; arch/x86/pci/fixup.c, pci_fixup_video()" },
	{ .name = "looking glass",
	  .aliases = { "kvmfr", "ivshmem" },
	  .title = "A guest's picture in a window, by shared memory",
	  .text = "Looking Glass copies the frames of a guest's own card into memory that "
		  "host and guest share, so the monitor stays on the host. That memory is an "
		  "ivshmem device of QEMU, behind it a file in /dev/shm or, faster, the "
		  "device /dev/kvmfr0 of the out-of-tree module kvmfr (DKMS; loaded with "
		  "static_size_mb=, a power of two: 32 for 1080p, 64 for 1440p, 128 for "
		  "2160p without HDR). If kvmfr is not loaded when the guest starts, QEMU "
		  "makes a plain file in its place. The guest's card needs a monitor or a "
		  "dummy plug, or it draws nothing.",
	  .source = "Looking Glass documentation, IVSHMEM with the KVMFR module" },
	{ .name = "ovmf",
	  .aliases = { "uefi", "tianocore" },
	  .title = "UEFI firmware for guests",
	  .text = "OVMF is the guest's UEFI. Its code is shared and read only, its variables "
		  "are each guest's own copy (vm run --firmware, --firmware-vars). A card's "
		  "option ROM must have a UEFI part for its picture to show before the "
		  "guest's driver runs: viaduct show tells what the ROM has. Large BARs need "
		  "room above 4 GiB in the guest as well, which OVMF gives by the processor's "
		  "address width.",
	  .source = "OVMF README; QEMU documentation, PCI devices" },
};

const struct via_topic_table topics_concepts = { topics, VIA_COUNT(topics) };
