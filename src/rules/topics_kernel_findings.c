/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/explain.h"

#include "base/cleanup.h"

static const struct via_finding_topic topics[] = {
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
		 "itself; where it is, or was told, look for DMAR errors in the log. On AMD "
		 "look for AMD-Vi errors there, since there is no amd_iommu=on. Remove "
		 "iommu=off and its like, and boot a kernel that was built with the driver "
		 "(CONFIG_INTEL_IOMMU, CONFIG_AMD_IOMMU, CONFIG_VIRTIO_IOMMU)." },
	{ .id = "iommu.interrupt-remapping",
	  .means = "Whether interrupts of devices go through the remapping table. If not, "
		   "VFIO refuses to attach devices, or a guest could forge interrupts.",
	  .rests = "Controllers with the prefix IR- in /proc/interrupts, which only x86 has, "
		   "and the parameter allow_unsafe_interrupts.",
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
	  .means = "Whether a change can be tried for one boot and forgotten by itself, as "
		   "viaduct apply --trial does it.",
	  .rests =
		  "The loader: systemd-boot by the variables of the firmware, GRUB by a menu that "
		  "reads custom.cfg; and for GRUB where its environment block lives: it is written "
		  "in place, so not on LVM, md, ZFS, btrfs or an encrypted disk, where an "
		  "entry for one boot would stay for good.",
	  .act = "Keep a known good entry beside the changed one where it cannot." },
	{ .id = "kernel.upgrade",
	  .means = "Whether the newest kernel that is installed, before it runs, has what "
		   "guests find under the running one.",
	  .rests = "The words that are configured, against what is known of that release; its "
		   "modules.dep and modules.builtin, for what guests rest on and for what "
		   "etc/modules, modules-load.d and options of modprobe.d name; where devices "
		   "are taken early, the content of its initramfs. DKMS modules: devices.dkms; "
		   "groups, once it runs: devices.baseline.",
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
	  .rests = "The display-class devices, boot_vga, their drivers, and which of them shows "
		   "the host's picture (enabled connectors).",
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
		  "/dev/vfio, /dev/iommu, and VFIO_GROUP, VFIO_DEVICE_CDEV, VFIO_IOMMU_TYPE1, IOMMUFD and IOMMUFD_VFIO_CONTAINER in the kernel's configuration.",
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
	  .means = "Whether options that modprobe.d sets are at work. Built-in code never reads "
		   "them, a module in the initramfs reads the copy that is in there, and modprobe "
		   "reads no file whose name does not end in .conf. Names of modules that kernels "
		   "have no more are told as well.",
	  .rests = "The files of modprobe.d in all five directories, parameters in /sys/module, "
		   "modules.builtin and the words MODULE.OPTION= of the command line; "
		   "/etc/modules and /etc/modules-load.d.",
	  .act = "Put options of built-in code on the command line; make the initramfs anew after "
		 "a change." },
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
		 "menu, unless firmware.iommu-table says that it is on. Where the ACS "
		 "override patch is in force, trust the hardware and not the groups." },
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
};

const struct via_finding_topic_table kernel_topics = { topics, VIA_COUNT(topics) };
