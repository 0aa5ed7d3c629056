/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "model/gpu.h"
#include "render/show.h"

static const char *joined(const struct via_names *names, struct via_arena *arena)
{
	char *text = arena_strdup(arena, "");

	via_for_each (name, names)
		text = arena_printf(arena, "%s%s%s", text, *text ? " " : "", *name);
	return text;
}

void show_drivers(const struct via_paper *paper, const struct via_device_detail *detail,
		  struct via_arena *arena)
{
	const char *vfio = joined(&detail->variants, arena);

	if (detail->refused.count)
		show_line(paper, VIA_STYLE_CARE, "blacklisted",
			  arena_printf(arena, "%s: not loaded by itself",
				       joined(&detail->refused, arena)));
	if (fact_is(&detail->variants_known, VIA_UNKNOWN))
		show_fact(paper, "for guests", &detail->variants_known, "");
	else if (detail->variants.count)
		show_line(paper, VIA_STYLE_PLAIN, "for guests",
			  detail->variants.count > 1
				  ? arena_printf(arena,
						 "%s: a driver of its own stands before vfio_pci",
						 vfio)
				  : vfio);
}

static const char *sharing_text(const struct via_gpu *gpu, const struct via_pci_device *device)
{
	switch (gpu->sharing) {
	case VIA_GPU_GVT_G:
		return "shared by GVT-g (mediated devices, i915.enable_gvt=1), or whole";
	case VIA_GPU_SRIOV:
		return fact_number(&pci_sriov(device)->total, 0)
			       ? "shared by SR-IOV (xe, or i915-sriov-dkms); there is no GVT-g any "
				 "more"
			       : "its kind has SR-IOV, but this function shows none: firmware or "
				 "the model leaves it off; there is no GVT-g any more";
	case VIA_GPU_BY_LICENCE:
		return "whole; vGPUs need NVIDIA's licensed host driver and a card it lists";
	case VIA_GPU_WHOLE:
		break;
	}
	return gpu->maker == VIA_GPU_INTEL ? "whole; neither GVT-g nor SR-IOV" : "whole";
}

static void show_maker_notes(const struct via_paper *paper, const struct via_gpu *gpu,
			     const struct via_pci_device *device)
{
	if (gpu->reset_bug)
		show_line(
			paper, VIA_STYLE_CARE, "",
			fact_text(&device->reset_method) &&
					strstr(device->reset_method.text, "device_specific")
				? "of a family that a bus reset does not bring back; a method of its "
				  "own is there"
				: "of a family that a bus reset does not bring back: works once, then "
				  "not until the host starts again (module vendor-reset; its udev "
				  "rules name ids in upper case and so never match: write "
				  "device_specific to reset_method)");
	if (gpu->maker == VIA_GPU_NVIDIA)
		show_line(
			paper, VIA_STYLE_PLAIN, "",
			"Code 43 in the guest was its driver refusing virtual machines; since 465 "
			"it does not");
	if (gpu->integrated)
		show_line(
			paper, VIA_STYLE_PLAIN, "",
			"integrated: as a whole it takes the host's display along, and firmware often "
			"reserves memory for it");
}

static const char *companion_word(const struct via_pci_device *device)
{
	if (pci_class_is(device, 0x040300, 0xffff00))
		return "sound";
	if (pci_class_is(device, 0x0c0300, 0xffff00))
		return "USB";
	if (pci_class_is(device, 0x0c8000, 0xffff00))
		return "USB-C (UCSI)";
	return "another function";
}

void show_kind(const struct via_paper *paper, const struct via_host *host,
	       const struct via_device_detail *detail, struct via_arena *arena)
{
	const struct via_pci_device *device = detail->device;
	struct via_gpu gpu;

	if (gpu_of(device, &gpu)) {
		show_line(paper, VIA_STYLE_PLAIN, "graphics",
			  arena_printf(arena, "%s%s%s", gpu.family ? gpu.family : "",
				       gpu.family ? ": " : "", sharing_text(&gpu, device)));
		show_maker_notes(paper, &gpu, device);
	}
	via_for_each (other, &host->pci.devices)
		if (device_is_companion(device, other) &&
		    (device_is_gpu(device) || device_is_gpu(other)))
			show_line(paper, VIA_STYLE_PLAIN, "same card",
				  arena_printf(arena, "%s (%s)", other->name,
					       device_is_gpu(other) ? "graphics"
								    : companion_word(other)));
}
