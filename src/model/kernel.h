/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/fact.h"
#include "model/dkms.h"

/* One driver or facility that may be built in, a module, loaded or left out. */
struct via_module {
	const char *name;	   /* with underscores: vfio_pci */
	struct via_fact loaded;	   /* sys/module/NAME: loaded, or built in with parameters */
	struct via_fact builtin;   /* listed in modules.builtin; number 1 */
	struct via_fact available; /* a loadable module of this kernel; number 1 */
};

enum via_module_id {
	VIA_MODULE_KVM,
	VIA_MODULE_KVM_INTEL,
	VIA_MODULE_KVM_AMD,
	VIA_MODULE_VFIO,
	VIA_MODULE_VFIO_TYPE1,
	VIA_MODULE_VFIO_PCI,
	VIA_MODULE_IOMMUFD,
	VIA_MODULE_VHOST_NET,
	VIA_MODULE_VHOST_VSOCK,
	VIA_MODULE_VDPA,
	VIA_MODULE_VDUSE,
	VIA_MODULE_MDEV,
	VIA_MODULES,
};

struct via_iommu_unit {
	const char *name; /* dmar0, ivhd0, … */
	struct via_fact cap, ecap;
};

/* The loader whose traces are on this host, and how sure that is. */
struct via_boot {
	struct via_fact loader_info; /* text of the LoaderInfo EFI variable */
	struct via_fact boot_image;  /* text: BOOT_IMAGE= of the command line */
	struct via_fact grub_default, grub_cfg, sd_boot_entries, kernel_cmdline;
	struct via_fact proxmox;	     /* usr/bin/pveversion or etc/pve */
	struct via_fact proxmox_uuids;	     /* etc/kernel/proxmox-boot-uuids */
	struct via_fact grub_cmdline;	     /* text: GRUB_CMDLINE_LINUX_DEFAULT as configured */
	struct via_fact kernel_cmdline_text; /* text of etc/kernel/cmdline */
};

struct via_kernel {
	struct via_fact command_line;
	struct via_fact config;		    /* text: path of the configuration that was read */
	struct via_fact config_intel_iommu; /* text: y, m or n */
	struct via_fact config_intel_iommu_default_on;
	struct via_fact config_amd_iommu, config_vfio_pci, config_iommufd, config_pci_iov;
	struct via_fact modules_directory;
	struct via_module modules[VIA_MODULES];

	struct via_fact iommu_class; /* sys/class/iommu; number: units */
	via_list(struct via_iommu_unit) units;
	struct via_fact interrupts_remapped; /* IR- controllers in proc/interrupts; number */
	struct via_fact unsafe_interrupts;   /* vfio_iommu_type1.allow_unsafe_interrupts */
	struct via_fact noiommu;	     /* vfio.enable_unsafe_noiommu_mode */

	struct via_fact kvm_open, kvm_api, kvm_create_vm, kvm_max_vcpus;
	struct via_fact kvm_nested; /* text */
	struct via_fact dev_vfio, dev_iommufd;

	struct via_boot boot;
	struct via_fact dkms_tree; /* var/lib/dkms; number: packages */
	via_list(struct via_dkms_package) dkms;
	struct via_dkms dkms_kernels;
};
