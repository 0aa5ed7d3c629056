/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/firmware_part.h"

#include "base/cleanup.h"

static const struct via_rule rules[] = {
	{
		.id = "firmware.cpu-virtualization",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "The processor can run virtual machines (VT-x, AMD-V)",
		.source = "arch/x86/kernel/cpu/feat_ctl.c, arch/x86/kernel/cpu/amd.c",
		.eval = firmware_cpu_virtualization,
	},
	{
		.id = "firmware.hypervisor",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "What this machine itself runs on",
		.source = "Intel SDM volume 2A, CPUID 1.ECX[31]; Hyper-V TLFS 2.4",
		.eval = firmware_hypervisor,
	},
	{
		.id = "firmware.iommu-table",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Firmware describes an IOMMU (VT-d, AMD-Vi)",
		.source = "Intel VT-d specification 8.1; AMD IOMMU specification 5.2",
		.eval = firmware_iommu_table,
	},
	{
		.id = "firmware.iommu",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "What it describes makes sense",
		.source = "drivers/iommu/intel/dmar.c, drivers/iommu/amd/init.c",
		.eval = firmware_iommu_described,
	},
	{
		.id = "firmware.interrupt-remapping",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Firmware offers interrupt remapping",
		.source = "Intel VT-d specification 8.1, flag INTR_REMAP",
		.eval = firmware_interrupt_remapping,
	},
	{
		.id = "firmware.reserved-regions",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Firmware holds on to no device (RMRR, IVMD)",
		.source = "drivers/iommu/intel/iommu.c, device_rmrr_is_relaxable(); "
			  "drivers/iommu/iommu.c, require_direct",
		.eval = firmware_reserved_regions,
	},
	{
		.id = "firmware.graphics-unit",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Integrated graphics has its IOMMU",
		.source = "drivers/iommu/intel/iommu.c, igfx_off",
		.eval = firmware_graphics_unit,
	},
	{
		.id = "firmware.sriov-room",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "There is room for virtual functions (SR-IOV)",
		.source = "drivers/pci/iov.c",
		.eval = firmware_sriov_room,
	},
	{
		.id = "firmware.vt-c",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Network cards help virtual machines (VT-c)",
		.source = "Documentation/ABI/testing/sysfs-bus-pci, sriov_totalvfs; "
			  "drivers/net/ethernet/intel; drivers/dma/ioat",
		.eval = firmware_vt_c,
	},
	{
		.id = "firmware.resizable-bar",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Graphics cards show all their memory (Resizable BAR)",
		.source = "Documentation/ABI/testing/sysfs-bus-pci, resourceN_resize",
		.eval = firmware_resizable_bar,
	},
	{
		.id = "firmware.secure-boot",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Secure Boot and lockdown leave passthrough alone",
		.source = "kernel_lockdown(7)",
		.eval = firmware_secure_boot,
	},
};

const struct via_rule_table firmware_rules = { rules, VIA_COUNT(rules) };
