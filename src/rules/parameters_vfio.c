/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/parameters.h"

#include "base/cleanup.h"

#define VFIO_PCI \
	.reader = VIA_READER_MODULE, .module = "vfio_pci", .source = "drivers/vfio/pci/vfio_pci.c"
#define TYPE1                                                      \
	.reader = VIA_READER_MODULE, .module = "vfio_iommu_type1", \
	.source = "drivers/vfio/vfio_iommu_type1.c"
#define DRACUT                                                                                \
	.reader = VIA_READER_INITRAMFS, .value = VIA_VALUE_MODULES, .repeat = VIA_REPEAT_ADD, \
	.source = "dracut.cmdline(7)"

static const struct via_known_parameter parameters[] = {
	{ .name = "vfio_iommu_type1.allow_unsafe_interrupts",
	  .value = VIA_VALUE_BOOL,
	  .when_on = VIA_LINT_RISKY,
	  TYPE1,
	  .text = "lets VFIO containers take devices though interrupts are not remapped: a guest "
		  "can forge interrupts. iommufd has a switch of its own" },
	{ .name = "vfio_iommu_type1.dma_entry_limit",
	  .value = VIA_VALUE_NUMBER,
	  TYPE1,
	  .text = "limits the mappings of one container (65535 by default)" },
	{ .name = "vfio_iommu_type1.disable_hugepages",
	  .value = VIA_VALUE_BOOL,
	  TYPE1,
	  .text = "maps guests by small pages only, which is slower" },
	{ .name = "iommufd.allow_unsafe_interrupts",
	  .value = VIA_VALUE_BOOL,
	  .when_on = VIA_LINT_RISKY,
	  .since = VIA_KERNEL(6, 2),
	  .reader = VIA_READER_MODULE,
	  .module = "iommufd",
	  .source = "drivers/iommu/iommufd/device.c",
	  .text = "lets iommufd take devices though interrupts are not remapped: a guest can forge "
		  "interrupts. VFIO's containers have a switch of their own" },
	{ .name = "vfio.enable_unsafe_noiommu_mode",
	  .value = VIA_VALUE_BOOL,
	  .when_on = VIA_LINT_RISKY,
	  .reader = VIA_READER_MODULE,
	  .module = "vfio",
	  .source = "drivers/vfio/group.c",
	  .text = "lets VFIO hand out devices without any IOMMU: such a device can write all "
		  "memory, the kernel is tainted, and virtual machines cannot use it "
		  "(CONFIG_VFIO_NOIOMMU)" },
	{ .name = "vfio_pci.ids",
	  .value = VIA_VALUE_IDS,
	  VFIO_PCI,
	  .text = "makes vfio-pci take devices by their ids, twins included, as far as no other "
		  "driver was first" },
	{ .name = "vfio_pci.disable_idle_d3",
	  .value = VIA_VALUE_BOOL,
	  VFIO_PCI,
	  .text = "leaves an unused device awake in place of putting it to sleep (D3)" },
	{ .name = "vfio_pci.nointxmask",
	  .value = VIA_VALUE_BOOL,
	  VFIO_PCI,
	  .text = "masks legacy interrupts at the interrupt controller, for devices that cannot" },
	{ .name = "vfio_pci.disable_vga",
	  .value = VIA_VALUE_BOOL,
	  VFIO_PCI,
	  .text = "gives guests no legacy VGA ranges (CONFIG_VFIO_PCI_VGA)" },
	{ .name = "vfio_pci.enable_sriov",
	  .value = VIA_VALUE_BOOL,
	  VFIO_PCI,
	  .text = "lets virtual functions be made of a function that vfio-pci holds" },
	{ .name = "vfio_pci.disable_denylist",
	  .value = VIA_VALUE_BOOL,
	  .when_on = VIA_LINT_RISKY,
	  VFIO_PCI,
	  .since = VIA_KERNEL(5, 9),
	  .text = "gives guests devices the kernel holds to be unsafe for that (old Intel QAT, "
		  "DSA, IAA)" },
	{ .name = "pci_stub.ids",
	  .value = VIA_VALUE_IDS,
	  .reader = VIA_READER_MODULE,
	  .module = "pci_stub",
	  .source = "drivers/pci/pci-stub.c",
	  .text = "keeps devices away from their drivers with a driver that does nothing" },
	{ .name = "vhost.max_mem_regions",
	  .value = VIA_VALUE_NUMBER,
	  .reader = VIA_READER_MODULE,
	  .module = "vhost",
	  .source = "drivers/vhost/vhost.c",
	  .text = "sets how many ranges of memory a vhost device accepts (64 by default)" },
	{ .name = "vhost_net.experimental_zcopytx",
	  .value = VIA_VALUE_NUMBER,
	  .reader = VIA_READER_MODULE,
	  .module = "vhost_net",
	  .source = "drivers/vhost/net.c",
	  .text = "sends a guest's packets without a copy" },
	{ .name = "module_blacklist",
	  .value = VIA_VALUE_MODULES,
	  .source = "kernel/module/main.c",
	  .text = "makes the kernel refuse these modules, whoever loads them; names must be "
		  "spelled with underscores, and what is built in is not reached" },
	{ .name = "modprobe.blacklist",
	  .value = VIA_VALUE_MODULES,
	  .repeat = VIA_REPEAT_ADD,
	  .reader = VIA_READER_USER,
	  .source = "modprobe(8)",
	  .text = "keeps modprobe from loading these modules for a device; loading by name still "
		  "works" },
	{ .name = "initcall_blacklist",
	  .repeat = VIA_REPEAT_ADD,
	  .source = "init/main.c",
	  .text = "skips start-up functions of built-in code by name (sysfb_init keeps the firmware "
		  "framebuffer from being used)" },
	{ .name = "rd.driver.pre",
	  DRACUT,
	  .text = "has a dracut initramfs load these modules before udev starts; others ignore it" },
	{ .name = "rd.driver.post",
	  DRACUT,
	  .text = "has a dracut initramfs load these modules last; others ignore it" },
	{ .name = "rd.driver.blacklist",
	  DRACUT,
	  .text = "keeps these modules out while a dracut initramfs runs; others ignore it" },
	{ .name = "modules_load",
	  .value = VIA_VALUE_MODULES,
	  .repeat = VIA_REPEAT_ADD,
	  .reader = VIA_READER_USER,
	  .source = "systemd-modules-load.service(8)",
	  .text = "has systemd load these modules" },
	{ .name = "rd.modules_load",
	  .value = VIA_VALUE_MODULES,
	  .repeat = VIA_REPEAT_ADD,
	  .reader = VIA_READER_INITRAMFS,
	  .source = "systemd-modules-load.service(8)",
	  .text = "has systemd in the initramfs load these modules" },
};

const struct via_parameter_table parameters_vfio = { parameters, VIA_COUNT(parameters) };
