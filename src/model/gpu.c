/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/gpu.h"

#include "base/cleanup.h"

struct family {
	uint16_t vendor, first, last;
	const char *name;
	enum via_gpu_sharing sharing;
	bool reset_bug;
};

enum { INTEL = 0x8086, AMD = 0x1002, NVIDIA = 0x10de };

/* The first row that fits; narrower ones stand before wider ones. */
static const struct family families[] = {
	{ INTEL, 0x0100, 0x017f, "Sandy or Ivy Bridge", VIA_GPU_WHOLE, false },
	{ INTEL, 0x0402, 0x042e, "Haswell", VIA_GPU_WHOLE, false },
	{ INTEL, 0x0a02, 0x0a2e, "Haswell", VIA_GPU_WHOLE, false },
	{ INTEL, 0x0bd0, 0x0bdb, "Ponte Vecchio", VIA_GPU_SRIOV, false },
	{ INTEL, 0x0d02, 0x0d2e, "Haswell", VIA_GPU_WHOLE, false },
	{ INTEL, 0x1602, 0x163e, "Broadwell", VIA_GPU_GVT_G, false },
	{ INTEL, 0x1902, 0x193d, "Skylake", VIA_GPU_GVT_G, false },
	{ INTEL, 0x1a84, 0x1a85, "Apollo Lake", VIA_GPU_GVT_G, false },
	{ INTEL, 0x3184, 0x3185, "Gemini Lake", VIA_GPU_WHOLE, false },
	{ INTEL, 0x3e90, 0x3ea9, "Coffee Lake", VIA_GPU_GVT_G, false },
	{ INTEL, 0x4541, 0x4571, "Elkhart Lake", VIA_GPU_WHOLE, false },
	{ INTEL, 0x4626, 0x46c3, "Alder Lake", VIA_GPU_SRIOV, false },
	{ INTEL, 0x46d0, 0x46d4, "Alder or Twin Lake N", VIA_GPU_SRIOV, false },
	{ INTEL, 0x4905, 0x4909, "DG1", VIA_GPU_WHOLE, false },
	{ INTEL, 0x4c80, 0x4c9a, "Rocket Lake", VIA_GPU_WHOLE, false },
	{ INTEL, 0x4e51, 0x4e71, "Jasper Lake", VIA_GPU_WHOLE, false },
	{ INTEL, 0x56c0, 0x56c2, "Data Center GPU Flex", VIA_GPU_SRIOV, false },
	{ INTEL, 0x5690, 0x56bf, "Arc A", VIA_GPU_WHOLE, false },
	{ INTEL, 0x5902, 0x593b, "Kaby Lake", VIA_GPU_GVT_G, false },
	{ INTEL, 0x5a84, 0x5a85, "Apollo Lake", VIA_GPU_GVT_G, false },
	{ INTEL, 0x6420, 0x64b0, "Lunar Lake", VIA_GPU_SRIOV, false },
	{ INTEL, 0x7d40, 0x7dd5, "Meteor or Arrow Lake", VIA_GPU_SRIOV, false },
	{ INTEL, 0x87c0, 0x87ca, "Amber or Comet Lake", VIA_GPU_GVT_G, false },
	{ INTEL, 0x8a50, 0x8a71, "Ice Lake", VIA_GPU_WHOLE, false },
	{ INTEL, 0x9a40, 0x9af8, "Tiger Lake", VIA_GPU_SRIOV, false },
	{ INTEL, 0x9b21, 0x9bf6, "Comet Lake", VIA_GPU_GVT_G, false },
	{ INTEL, 0xa720, 0xa7ad, "Raptor Lake", VIA_GPU_SRIOV, false },
	{ INTEL, 0xb080, 0xb0b0, "Panther Lake", VIA_GPU_SRIOV, false },
	{ INTEL, 0xe202, 0xe223, "Battlemage", VIA_GPU_SRIOV, false },
	{ AMD, 0x66a0, 0x66af, "Vega 20", VIA_GPU_WHOLE, true },
	{ AMD, 0x67c0, 0x67df, "Polaris 10", VIA_GPU_WHOLE, true },
	{ AMD, 0x67e0, 0x67ff, "Polaris 11", VIA_GPU_WHOLE, true },
	{ AMD, 0x6860, 0x687f, "Vega 10", VIA_GPU_WHOLE, true },
	{ AMD, 0x6980, 0x699f, "Polaris 12", VIA_GPU_WHOLE, true },
	{ AMD, 0x6fdf, 0x6fdf, "Polaris 20", VIA_GPU_WHOLE, true },
	{ AMD, 0x7310, 0x731f, "Navi 10", VIA_GPU_WHOLE, true },
	{ AMD, 0x7340, 0x734f, "Navi 14", VIA_GPU_WHOLE, true },
	{ AMD, 0x7360, 0x7362, "Navi 12", VIA_GPU_WHOLE, true },
	{ NVIDIA, 0x0000, 0xffff, NULL, VIA_GPU_BY_LICENCE, false },
	{ AMD, 0x0000, 0xffff, NULL, VIA_GPU_WHOLE, false },
	{ INTEL, 0x0000, 0xffff, NULL, VIA_GPU_WHOLE, false },
};

bool device_is_gpu(const struct via_pci_device *device)
{
	return pci_class_is(device, 0x030000, 0xff0000);
}

static enum via_gpu_maker maker_of(uint64_t vendor)
{
	switch (vendor) {
	case INTEL:
		return VIA_GPU_INTEL;
	case AMD:
		return VIA_GPU_AMD;
	case NVIDIA:
		return VIA_GPU_NVIDIA;
	default:
		return VIA_GPU_OTHER;
	}
}

bool gpu_of(const struct via_pci_device *device, struct via_gpu *ret)
{
	uint64_t vendor = fact_number(&device->vendor, 0), id = fact_number(&device->device, 0);

	if (!device_is_gpu(device))
		return false;
	for (size_t i = 0; i < VIA_COUNT(families); i++) {
		const struct family *family = &families[i];

		if (family->vendor != vendor || id < family->first || id > family->last)
			continue;
		*ret = (struct via_gpu){
			.maker = maker_of(vendor),
			.family = family->name,
			.sharing = family->sharing,
			.reset_bug = family->reset_bug,
			/* Intel's own graphics sit at 00:02.0, their VFs behind it. */
			.integrated = vendor == INTEL && !device->parent && !device->address.bus &&
				      device->address.device == 2,
		};
		return true;
	}
	return false;
}
