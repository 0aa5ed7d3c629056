/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/pci.h"

enum via_gpu_maker { VIA_GPU_OTHER, VIA_GPU_INTEL, VIA_GPU_AMD, VIA_GPU_NVIDIA };

/* How graphics of a kind are shared between guests, if at all. */
enum via_gpu_sharing {
	VIA_GPU_WHOLE,	   /* only as a whole */
	VIA_GPU_GVT_G,	   /* mediated devices by i915's GVT-g */
	VIA_GPU_SRIOV,	   /* virtual functions */
	VIA_GPU_BY_LICENCE /* vGPUs by the maker's own host driver */
};

/**
 * struct via_gpu - what is known of a graphics function by its ids
 * @family: "Alder Lake", "Navi 10"; NULL where the ids are in no table
 * @reset_bug: of a family that does not come back from a bus reset
 */
struct via_gpu {
	enum via_gpu_maker maker;
	const char *family;
	enum via_gpu_sharing sharing;
	bool integrated;
	bool reset_bug;
};

/* device_is_gpu - a display controller of any kind */
bool device_is_gpu(const struct via_pci_device *device);

/**
 * gpu_of - Return: whether the function is a display controller whose ids are known
 * Source: i915_pciids.h and intel_gvt.c for Intel; the reset quirks that were written
 * outside of the kernel for AMD's Polaris, Vega and Navi 1x
 */
bool gpu_of(const struct via_pci_device *device, struct via_gpu *ret);
