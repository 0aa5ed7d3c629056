/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/parameters.h"

#include "base/cleanup.h"

/* What video= is used for with passthrough; anything else is a mode for a connector. */
static const struct via_known_option video[] = {
	{ "efifb:off", .text = "stops efifb only: simpledrm, which newer distributions use, goes on. "
			       "Since 6.0 vfio-pci evicts the firmware framebuffer itself" },
	{ "simplefb:off", .text = "stops simplefb only; simpledrm has no such switch" },
	{ "vesafb:off", VIA_LINT_NO_EFFECT, .text = "is not heeded by vesafb" },
	{ "vesafb:", .text = "passes these words to vesafb" },
	{ "efifb:", .text = "passes these words to efifb" },
};

#define MODULE(name_, file) .reader = VIA_READER_MODULE, .module = (name_), .source = (file)

static const struct via_known_parameter parameters[] = {
	{ .name = "video", .value = VIA_VALUE_FREE, .repeat = VIA_REPEAT_ADD, VIA_OPTIONS(video),
	  .text = "sets the mode of a connector, or passes words to a framebuffer driver",
	  .source = "drivers/video/cmdline.c" },
	{ .name = "nomodeset", .value = VIA_VALUE_FLAG, .source = "drivers/video/nomodeset.c",
	  .text = "keeps graphics drivers from taking over: the firmware's picture stays, and "
		  "stays in the way of a card that is to go to a guest" },
	{ .name = "nofb", .value = VIA_VALUE_FREE, .verdict = VIA_LINT_NO_EFFECT,
	  .text = "is an old word of installers; the kernel reads it nowhere",
	  .source = "drivers/video" },
	{ .name = "i915.enable_guc", .value = VIA_VALUE_NUMBER, .vendor = VIA_CPU_OTHER,
	  MODULE("i915", "drivers/gpu/drm/i915/i915_params.c"),
	  .text = "loads the GPU's own firmware (3: submission and HuC), which virtual functions "
		  "need; it marks the kernel as tainted" },
	{ .name = "i915.enable_gvt", .value = VIA_VALUE_BOOL,
	  MODULE("i915", "drivers/gpu/drm/i915/i915_params.c"),
	  .text = "prepares GVT-g, shares of GPUs of the 5th to 10th generation" },
	{ .name = "i915.max_vfs", .value = VIA_VALUE_NUMBER, .patched = true,
	  MODULE("i915", "i915-sriov-dkms (outside the kernel)"),
	  .text = "sets how many virtual functions the integrated GPU may make" },
	{ .name = "i915.force_probe", MODULE("i915", "drivers/gpu/drm/i915/i915_params.c"),
	  .text = "takes this GPU, or with '!' leaves it to another driver" },
	{ .name = "i915.modeset", .value = VIA_VALUE_NUMBER,
	  MODULE("i915", "drivers/gpu/drm/i915/i915_params.c"), .text = "switches i915 on or off" },
	{ .name = "xe.max_vfs", .value = VIA_VALUE_NUMBER, .since = VIA_KERNEL(6, 10),
	  MODULE("xe", "drivers/gpu/drm/xe/xe_module.c"),
	  .text = "sets how many virtual functions the GPU may make" },
	{ .name = "xe.force_probe", .since = VIA_KERNEL(6, 8),
	  MODULE("xe", "drivers/gpu/drm/xe/xe_module.c"),
	  .text = "takes this GPU, or with '!' leaves it to another driver" },
	{ .name = "nouveau.modeset", .value = VIA_VALUE_NUMBER,
	  MODULE("nouveau", "drivers/gpu/drm/nouveau/nouveau_drm.c"),
	  .text = "switches nouveau on or off" },
	{ .name = "amdgpu.runpm", .value = VIA_VALUE_NUMBER,
	  MODULE("amdgpu", "drivers/gpu/drm/amd/amdgpu/amdgpu_drv.c"),
	  .text = "sets whether an idle card is powered off" },
	{ .name = "amdgpu.", .value = VIA_VALUE_FAMILY, .foreign = true,
	  MODULE("amdgpu", "drivers/gpu/drm/amd/amdgpu/amdgpu_drv.c"),
	  .text = "sets something of AMD's graphics driver" },
	{ .name = "radeon.", .value = VIA_VALUE_FAMILY, .foreign = true,
	  MODULE("radeon", "drivers/gpu/drm/radeon/radeon_drv.c"),
	  .text = "sets something of AMD's older graphics driver" },
	{ .name = "nvidia", .value = VIA_VALUE_FAMILY, .foreign = true,
	  MODULE("nvidia", "NVIDIA's driver (outside the kernel)"),
	  .text = "sets something of NVIDIA's driver" },
	{ .name = "drm.", .value = VIA_VALUE_FAMILY, .foreign = true,
	  MODULE("drm", "drivers/gpu/drm"), .text = "sets something of the graphics core" },
	{ .name = "kvmfr.static_size_mb", MODULE("kvmfr", "Looking Glass (outside the kernel)"),
	  .text = "makes shared memory of this size for Looking Glass" },
	{ .name = "fbcon", .repeat = VIA_REPEAT_ADD, .foreign = true,
	  .source = "drivers/video/fbdev/core/fbcon.c", .text = "sets the framebuffer console" },
	{ .name = "vga", .foreign = true, .source = "arch/x86/boot/video.c",
	  .text = "sets a screen mode" },
};

const struct via_parameter_table parameters_graphics = { parameters, VIA_COUNT(parameters) };
