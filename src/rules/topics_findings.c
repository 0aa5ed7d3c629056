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
	{ .id = "firmware.hypervisor",
	  .means = "Whether this machine is itself a virtual one, of which hypervisor, and "
		   "whether it may have guests of its own (nested virtualization).",
	  .rests = "Bit 31 of CPUID leaf 1, the signatures at 40000000h and 40000100h, "
		   "/sys/hypervisor, and what the board calls itself.",
	  .act = "Have the machine below allow nesting, and pass devices on only after they "
		 "were passed in: a guest needs a virtual IOMMU for that." },
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
	  .rests = "The class of each PCI device and its sriov_totalvfs.",
	  .act = "Nothing has to be done; see sr-iov for how to use it." },
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
	  .means = "Which loader really started this kernel. Several may have files here, and "
		   "a change in the files of the wrong one changes nothing.",
	  .rests = "What the loader itself left in EFI variables (LoaderInfo, StubInfo, "
		   "LoaderEntrySelected), the file that firmware started (BootCurrent), "
		   "BOOT_IMAGE and initrd= on the command line, and last the files that are "
		   "there. Two that both left traces of this boot are told as ambiguous.",
	  .act = "Where it is ambiguous, ask bootctl status and efibootmgr -v as root before "
		 "anything is changed." },
	{ .id = "kernel.configured-cmdline",
	  .means = "Whether the words that are configured, those of the entry that boots next "
		   "and those of the running kernel are the same. Editing a file that this "
		   "machine does not boot from is the commonest way to change nothing.",
	  .rests = "The sources of the loader that booted (/etc/default/grub and its drop-ins, "
		   "/etc/kernel/cmdline, an entry), the generated entry, and /proc/cmdline. "
		   "Files are read, never run: where commands make the line it cannot be told.",
	  .act = "Run what regenerates the entries (the finding names it), and reboot; move "
		 "words from a file without a say to the one that has it." },
	{ .id = "kernel.initramfs",
	  .means = "Whether what wants vfio-pci loaded early is inside the image that is used "
		   "early. A file in /etc/modprobe.d that is not in there is not read before "
		   "the native driver takes the device.",
	  .rests = "Lines about vfio in modprobe.d, the initramfs tool's configuration and the "
		   "command line; the names inside the image and its copies of modprobe.d. The "
		   "image is only read where such lines are there.",
	  .act = "Have vfio-pci and the file put inside, ordered before the native driver "
		 "(softdep DRIVER pre: vfio-pci), rebuild every image and reboot." },
	{ .id = "kernel.next-boot",
	  .means = "Whether the next boot starts the kernel that was just checked.",
	  .rests = "The default entry (GRUB's default and saved_entry, loader.conf, pins of "
		   "proxmox-boot-tool), and the newest kernel with modules installed.",
	  .act = "Nothing, or reboot and check again: another kernel may form other groups "
		 "and know other parameters." },
	{ .id = "kernel.one-shot",
	  .means = "Whether a changed entry can be tried for one boot and forgotten by itself.",
	  .rests = "The loader, and for GRUB where its environment block lives: it is written "
		   "in place, so not on LVM, md, ZFS, btrfs or an encrypted disk, where an "
		   "entry for one boot would stay for good.",
	  .act = "Keep a known good entry beside the changed one where it cannot." },
	{ .id = "kernel.upgrade",
	  .means = "Whether the newest kernel that is installed, before it runs, has what "
		   "guests find under the running one.",
	  .rests = "The words that are configured, against what is known of that release; its "
		   "modules.dep and modules.builtin; where devices are taken early, the "
		   "content of its initramfs. DKMS modules: devices.dkms.",
	  .act = "Put right what is missing, or keep the running kernel the default. viaduct "
		 "apply guard has each installation of a kernel look by itself." },
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
	{ .id = "kernel.kvm-parameters",
	  .means =
		  "Whether KVM's parameters, as they are at work, suit guests, and whether another hypervisor stands beside it.",
	  .rests =
		  "nested, ept or npt, ignore_msrs, halt_poll_ns and enable_virt_at_load in /sys/module/kvm*/parameters, and whether vboxdrv or vmmon is loaded.",
	  .act = "Take ignore_msrs and ept=0 out of modprobe.d and off the command line, and load the module again. Nested is on by default; a change needs a reload." },
	{ .id = "iommu.domain-types",
	  .means =
		  "What the host's own devices have for addresses: translated ones, or those of memory (identity, what iommu=pt asks for). Passthrough works with either.",
	  .rests =
		  "The type of each group in /sys/kernel/iommu_groups (since 5.11) and the words of the command line.",
	  .act = "Nothing has to be done. iommu=pt spares the host's drivers some work and gives up protection of the host against its devices." },
	{ .id = "iommu.reserved-regions",
	  .means =
		  "Whether firmware wants a device to keep fixed addresses (RMRR on Intel, unity maps on AMD). Such a device binds to vfio-pci, and then cannot be attached.",
	  .rests =
		  "The lines \"direct\" in each group's reserved_regions; \"direct-relaxable\" ones, of USB and graphics, do not count.",
	  .act = "Switch the feature off that wants it (management sharing, USB legacy), or give another device away." },
	{ .id = "iommu.noiommu",
	  .means =
		  "Whether VFIO was told to hand out devices without an IOMMU. That is for programs that drive a device themselves, not for virtual machines.",
	  .rests =
		  "enable_unsafe_noiommu_mode of module vfio, and groups with the name vfio-noiommu.",
	  .act = "Switch it off and an IOMMU on." },
	{ .id = "iommu.unsafe-interrupts",
	  .means =
		  "Whether devices are accepted whose interrupts nobody checks. There are two switches: one of VFIO's containers, one of iommufd; neither sets the other.",
	  .rests = "allow_unsafe_interrupts of vfio_iommu_type1 and of iommufd in /sys/module.",
	  .act = "Leave both off; with interrupt remapping neither is needed." },
	{ .id = "vfio.interfaces",
	  .means =
		  "Which of VFIO's two interfaces this kernel offers: groups with containers (/dev/vfio/N), or device nodes for iommufd (/dev/vfio/devices). Newer is not everywhere: Debian's 6.12 has no iommufd at all.",
	  .rests =
		  "/dev/vfio, /dev/iommu, and VFIO_GROUP, VFIO_DEVICE_CDEV and IOMMUFD in the kernel's configuration.",
	  .act = "Use what is there: QEMU takes both, most other programs take groups." },
	{ .id = "kernel.vfio-nodes",
	  .means =
		  "Whether VFIO's nodes are character devices, and open to those they are for and to nobody else. systemd opens /dev/vfio/vfio to all; nodes of groups stay root's.",
	  .rests =
		  "Kind, owner and mode of the nodes under /dev/vfio, beside user and groups of whoever asks.",
	  .act = "Give a group's node to the user who runs the guest by a udev rule; libvirt does so by itself." },
	{ .id = "kernel.vfio-conflicts",
	  .means =
		  "Whether the devices that vfio-pci.ids= asks for came to vfio-pci. That they did not, after a reboot that looked fine, is the commonest complaint of all.",
	  .rests =
		  "ids on the command line and in modprobe.d, the devices of those models, their drivers, and what keeps vfio_pci out.",
	  .act = "Load vfio-pci in the initramfs before the device's own driver, or bind the one device by viaduct plan passthrough: ids take twins, too." },
	{ .id = "kernel.module-options",
	  .means =
		  "Whether options that modprobe.d sets are at work. Built-in code never reads them, and a module in the initramfs reads the copy that is in there.",
	  .rests =
		  "The files of modprobe.d in all five directories, parameters in /sys/module, modules.builtin and the words MODULE.OPTION= of the command line.",
	  .act = "Put options of built-in code on the command line; make the initramfs anew after a change." },
	{ .id = "kernel.module-signing",
	  .means =
		  "Whether only signed modules may be loaded, which keeps out what DKMS builds unless its key is enrolled. The kernel's own modules are signed.",
	  .rests =
		  "module.sig_enforce, CONFIG_MODULE_SIG_FORCE, lockdown, and the packages of DKMS.",
	  .act = "Enroll the key of DKMS with mokutil." },
	{ .id = "kernel.helper-modules",
	  .means =
		  "Which modules from outside the kernel are here that some passthrough needs: kvmfr for Looking Glass, vendor-reset for some AMD cards, NVIDIA's vGPU driver, i915 with virtual functions.",
	  .rests = "/sys/module, modules.dep, max_vfs of i915, and what /dev/kvmfr0 really is.",
	  .act = "Install what your case needs, by DKMS, with the headers of this kernel." },
	{ .id = "kernel.taint",
	  .means =
		  "Whether something happened to the kernel that makes its word doubtful: it died once, a module was forced, a page was damaged.",
	  .rests = "The bits of /proc/sys/kernel/tainted.",
	  .act = "After an OOPS reboot; proprietary and foreign modules alone are no fault." },
	{ .id = "kernel.framebuffer",
	  .means =
		  "Who keeps the picture that firmware drew, and on which card. While it does, a guest cannot have that part of the card: BAR can't be reserved.",
	  .rests =
		  "Ranges named BOOTFB, efifb, simplefb and so on in /proc/iomem, whose names, if not addresses, anybody may read; the framebuffer's platform device, /proc/fb.",
	  .act = "From 6.0 on vfio-pci evicts it from VGA cards by itself. Elsewhere boot with initcall_blacklist=sysfb_init; video=efifb:off does not reach simpledrm." },
	{ .id = "kernel.memlock",
	  .means =
		  "Whether whoever runs a guest may lock its memory. A guest with a device has all of it pinned; with too low a limit it does not start (ENOMEM).",
	  .rests =
		  "The limit in /proc/self/limits, capabilities, MemTotal, and lines on memlock in limits.conf and systemd's configuration.",
	  .act = "Have libvirt start it, or raise memlock to the guest's memory and 1 GiB more. type1 counts for each process, iommufd for each user." },
	{ .id = "kernel.hugepages",
	  .means =
		  "Whether huge pages that the command line asks for are there, and how many are free, on each node.",
	  .rests = "/sys/kernel/mm/hugepages, each node's own, and hugepages= words.",
	  .act = "Ask early (at boot) and for no more than memory allows; say hugepagesz= before hugepages=." },
	{ .id = "kernel.cpu-isolation",
	  .means = "Which processors are kept free of the host's own work for guests.",
	  .rests = "isolated and nohz_full in /sys/devices/system/cpu, and isolcpus=.",
	  .act = "Nothing has to be done for passthrough; it helps where delays matter." },
	{ .id = "kernel.containers",
	  .means =
		  "Whether viaduct looks from inside a container. There /sys may be read-only or lack devices, and nodes are refused that look open.",
	  .rests =
		  "What container managers leave (/run/systemd/container, /.dockerenv), the control group of process 1, and how /sys is mounted.",
	  .act = "Run it on the host, or pass the nodes and their device rules in." },
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
	{ .id = "firmware.iommu-bugs",
	  .means = "What the kernel itself found wrong in the firmware's IOMMU tables. "
		   "Some faults it works around, some cost interrupt remapping or the "
		   "whole IOMMU.",
	  .rests = "Lines with [Firmware Bug] of DMAR and AMD-Vi in the kernel log.",
	  .act = "Update the firmware; quote the line to the maker of the board. "
		 "ivrs_ioapic= and its like can stand in for single entries." },
	{ .id = "kernel.log",
	  .means = "Whether what the kernel said is at hand, and all of it since the boot. "
		   "A line that is missing from a log whose beginning is lost proves "
		   "nothing.",
	  .rests = "The ring buffer (syslog), or the file dmesg, var/log/dmesg or "
		   "var/log/kern.log of a captured tree; whether it has the line \"Linux "
		   "version\".",
	  .act = "Run as root; journalctl -k -b keeps lines that the buffer lost, and "
		 "log_buf_len= makes it larger." },
	{ .id = "kernel.log-agrees",
	  .means = "Whether the log and the files are of the same boot and say the same of "
		   "groups, units, interrupts and KVM.",
	  .rests = "Each \"Adding to iommu group\" line beside sysfs, and the release in "
		   "the log's first line beside that of the kernel.",
	  .act = "Where they differ, believe the files: a captured log may be of an "
		 "earlier boot." },
	{ .id = "iommu.log",
	  .means = "What the kernel said when it took up the IOMMU: units, default domain, "
		   "interrupt remapping, groups; and whether it gave up. That a parameter "
		   "was understood is no sign that it did.",
	  .rests = "The lines of DMAR, AMD-Vi and SMMU in the kernel log.",
	  .act = "Where it was asked for and did not come up, switch it on in the setup "
		 "menu. Where the ACS override patch is in force, trust the hardware and "
		 "not the groups." },
	{ .id = "kernel.dma-faults",
	  .means = "Which devices used memory that nobody had given them, and were "
		   "stopped. One burst at boot comes from devices that firmware left "
		   "running; faults while a guest owns a device come from the guest's "
		   "driver, a reserved region or a reset.",
	  .rests = "The fault lines of DMAR, AMD-Vi and SMMU in the kernel log, by device.",
	  .act = "Update the device's driver and firmware. For timeouts of address "
		 "caches: pci=noats." },
	{ .id = "kernel.interrupt-faults",
	  .means = "Which devices sent interrupts that remapping stopped.",
	  .rests = "The lines with INTR-REMAP in the kernel log.",
	  .act = "Update the firmware of the device and the machine; in a guest, use "
		 "MSI." },
	{ .id = "kernel.unknown-parameters",
	  .means = "Which parameters the running kernel says it does not know. They have "
		   "no effect, whatever a guide promises.",
	  .rests = "The line \"Unknown kernel command line parameters\" (from 5.14 on), "
		   "and what the IOMMU drivers say of their options.",
	  .act = "Take them out, or use a kernel that has them. viaduct lint and viaduct "
		 "explain NAME tell which." },
	{ .id = "kernel.modules-refused",
	  .means = "Whether modules or raw access were refused by signature checks or "
		   "lockdown.",
	  .rests = "The lines of the module loader and of lockdown in the kernel log.",
	  .act = "Enroll the key that DKMS signs with (mokutil --import), or use what "
		 "the distribution signed." },
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
	  .act = "Linux 6.1 and later frees the framebuffer when vfio-pci takes a VGA "
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

const struct via_finding_topic_table topics_findings = { topics, VIA_COUNT(topics) };
