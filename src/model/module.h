/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/fact.h"
#include "decode/kernel_config.h"

/* How this kernel has a driver or facility; better is lower, but for the unknown. */
enum via_module_state {
	VIA_MODULE_STATE_UNKNOWN,
	VIA_MODULE_STATE_BUILTIN,
	VIA_MODULE_STATE_LOADED,
	VIA_MODULE_STATE_HERE,		/* at work; built in or loaded could not be told */
	VIA_MODULE_STATE_LOADABLE,	/* there, and not loaded */
	VIA_MODULE_STATE_NOT_INSTALLED, /* built as a module, whose file is not there */
	VIA_MODULE_STATE_LEFT_OUT,	/* this kernel's configuration has it not */
	VIA_MODULE_STATE_NONE, /* neither built in nor a module; no configuration says why */
};

enum via_module_id {
	VIA_MODULE_KVM,
	VIA_MODULE_KVM_INTEL,
	VIA_MODULE_KVM_AMD,
	VIA_MODULE_VFIO,
	VIA_MODULE_VFIO_TYPE1,
	VIA_MODULE_VFIO_VIRQFD,
	VIA_MODULE_VFIO_PCI,
	VIA_MODULE_VFIO_PCI_CORE,
	VIA_MODULE_IOMMUFD,
	VIA_MODULE_MLX5_VFIO_PCI,
	VIA_MODULE_HISI_ACC_VFIO_PCI,
	VIA_MODULE_PDS_VFIO_PCI,
	VIA_MODULE_VIRTIO_VFIO_PCI,
	VIA_MODULE_NVGRACE_GPU_VFIO_PCI,
	VIA_MODULE_QAT_VFIO_PCI,
	VIA_MODULE_XE_VFIO_PCI,
	VIA_MODULE_ISM_VFIO_PCI,
	VIA_MODULE_PCI_STUB,
	VIA_MODULE_VHOST,
	VIA_MODULE_VHOST_NET,
	VIA_MODULE_VHOST_VSOCK,
	VIA_MODULE_VHOST_SCSI,
	VIA_MODULE_VHOST_VDPA,
	VIA_MODULE_TUN,
	VIA_MODULE_VIRTIO_PCI,
	VIA_MODULE_VIRTIO_NET,
	VIA_MODULE_VIRTIO_BLK,
	VIA_MODULE_VDPA,
	VIA_MODULE_VIRTIO_VDPA,
	VIA_MODULE_VDPA_SIM,
	VIA_MODULE_VDPA_SIM_NET,
	VIA_MODULE_VDPA_SIM_BLK,
	VIA_MODULE_VP_VDPA,
	VIA_MODULE_MLX5_VDPA,
	VIA_MODULE_IFCVF,
	VIA_MODULE_PDS_VDPA,
	VIA_MODULE_OCTEP_VDPA,
	VIA_MODULE_SNET_VDPA,
	VIA_MODULE_VDUSE,
	VIA_MODULE_MDEV,
	VIA_MODULE_VFIO_MDEV,
	VIA_MODULE_KVMGT,
	VIA_MODULE_I915,
	VIA_MODULE_XE,
	VIA_MODULE_NVIDIA_VGPU_VFIO,
	VIA_MODULE_KVMFR,
	VIA_MODULE_VENDOR_RESET,
	VIA_MODULE_VBOXDRV,
	VIA_MODULE_VMMON,
	VIA_MODULES,
};

/**
 * struct via_module_kind - what is known of one beforehand
 * @name: with underscores: vfio_pci
 * @option: what switches it; VIA_KERNEL_OPTION_COUNT for one built outside the kernel
 */
struct via_module_kind {
	const char *name;
	enum via_kernel_option option;
};

/* One driver or facility that may be built in, a module, loaded or left out. */
struct via_module {
	const char *name;
	struct via_fact loaded;	   /* sys/module/NAME: loaded, or built in with parameters */
	struct via_fact loadable;  /* sys/module/NAME/initstate: loaded, and not built in */
	struct via_fact builtin;   /* listed in modules.builtin; number 1 */
	struct via_fact available; /* a loadable module of this kernel; number 1 */
	struct via_fact config;	   /* text: y, m or n; not asked where it has no option */
};

/* A module that a file of the host's owner names: "etc/modules", "etc/modprobe.d/vfio.conf:3" */
struct via_named_module {
	const char *name, *place; /* the name with underscores */
};

const struct via_module_kind *module_kind(enum via_module_id id);

/* module_state - which of them all facts together make */
enum via_module_state module_state(const struct via_module *module);

/* module_is_here / module_can_be_here - at work, or that and what a modprobe would load */
bool module_is_here(const struct via_module *module);
bool module_can_be_here(const struct via_module *module);

/* module_state_words - "built in", "a loaded module" … */
const char *module_state_words(enum via_module_state state);
