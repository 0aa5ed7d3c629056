/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/module.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

#define OUTSIDE VIA_KERNEL_OPTION_COUNT

static const struct via_module_kind kinds[] = {
	[VIA_MODULE_KVM] = { "kvm", VIA_OPTION_KVM },
	[VIA_MODULE_KVM_INTEL] = { "kvm_intel", VIA_OPTION_KVM_INTEL },
	[VIA_MODULE_KVM_AMD] = { "kvm_amd", VIA_OPTION_KVM_AMD },
	[VIA_MODULE_VFIO] = { "vfio", VIA_OPTION_VFIO },
	[VIA_MODULE_VFIO_TYPE1] = { "vfio_iommu_type1", VIA_OPTION_VFIO_IOMMU_TYPE1 },
	[VIA_MODULE_VFIO_VIRQFD] = { "vfio_virqfd", VIA_OPTION_VFIO_VIRQFD },
	[VIA_MODULE_VFIO_PCI] = { "vfio_pci", VIA_OPTION_VFIO_PCI },
	[VIA_MODULE_VFIO_PCI_CORE] = { "vfio_pci_core", VIA_OPTION_VFIO_PCI_CORE },
	[VIA_MODULE_IOMMUFD] = { "iommufd", VIA_OPTION_IOMMUFD },
	[VIA_MODULE_MLX5_VFIO_PCI] = { "mlx5_vfio_pci", VIA_OPTION_MLX5_VFIO_PCI },
	[VIA_MODULE_HISI_ACC_VFIO_PCI] = { "hisi_acc_vfio_pci", VIA_OPTION_HISI_ACC_VFIO_PCI },
	[VIA_MODULE_PDS_VFIO_PCI] = { "pds_vfio_pci", VIA_OPTION_PDS_VFIO_PCI },
	[VIA_MODULE_VIRTIO_VFIO_PCI] = { "virtio_vfio_pci", VIA_OPTION_VIRTIO_VFIO_PCI },
	[VIA_MODULE_NVGRACE_GPU_VFIO_PCI] = { "nvgrace_gpu_vfio_pci",
					      VIA_OPTION_NVGRACE_GPU_VFIO_PCI },
	[VIA_MODULE_QAT_VFIO_PCI] = { "qat_vfio_pci", VIA_OPTION_QAT_VFIO_PCI },
	[VIA_MODULE_XE_VFIO_PCI] = { "xe_vfio_pci", VIA_OPTION_XE_VFIO_PCI },
	[VIA_MODULE_ISM_VFIO_PCI] = { "ism_vfio_pci", VIA_OPTION_ISM_VFIO_PCI },
	[VIA_MODULE_PCI_STUB] = { "pci_stub", VIA_OPTION_PCI_STUB },
	[VIA_MODULE_VHOST] = { "vhost", VIA_OPTION_VHOST },
	[VIA_MODULE_VHOST_NET] = { "vhost_net", VIA_OPTION_VHOST_NET },
	[VIA_MODULE_VHOST_VSOCK] = { "vhost_vsock", VIA_OPTION_VHOST_VSOCK },
	[VIA_MODULE_VHOST_SCSI] = { "vhost_scsi", VIA_OPTION_VHOST_SCSI },
	[VIA_MODULE_VHOST_VDPA] = { "vhost_vdpa", VIA_OPTION_VHOST_VDPA },
	[VIA_MODULE_TUN] = { "tun", VIA_OPTION_TUN },
	[VIA_MODULE_VIRTIO_PCI] = { "virtio_pci", VIA_OPTION_VIRTIO_PCI },
	[VIA_MODULE_VIRTIO_NET] = { "virtio_net", VIA_OPTION_VIRTIO_NET },
	[VIA_MODULE_VIRTIO_BLK] = { "virtio_blk", VIA_OPTION_VIRTIO_BLK },
	[VIA_MODULE_VDPA] = { "vdpa", VIA_OPTION_VDPA },
	[VIA_MODULE_VIRTIO_VDPA] = { "virtio_vdpa", VIA_OPTION_VIRTIO_VDPA },
	[VIA_MODULE_VDPA_SIM] = { "vdpa_sim", VIA_OPTION_VDPA_SIM },
	[VIA_MODULE_VDPA_SIM_NET] = { "vdpa_sim_net", VIA_OPTION_VDPA_SIM_NET },
	[VIA_MODULE_VDPA_SIM_BLK] = { "vdpa_sim_blk", VIA_OPTION_VDPA_SIM_BLOCK },
	[VIA_MODULE_VP_VDPA] = { "vp_vdpa", VIA_OPTION_VP_VDPA },
	[VIA_MODULE_MLX5_VDPA] = { "mlx5_vdpa", VIA_OPTION_MLX5_VDPA_NET },
	[VIA_MODULE_IFCVF] = { "ifcvf", VIA_OPTION_IFCVF },
	[VIA_MODULE_PDS_VDPA] = { "pds_vdpa", VIA_OPTION_PDS_VDPA },
	[VIA_MODULE_OCTEP_VDPA] = { "octep_vdpa", VIA_OPTION_OCTEONEP_VDPA },
	[VIA_MODULE_SNET_VDPA] = { "snet_vdpa", VIA_OPTION_SNET_VDPA },
	[VIA_MODULE_VDUSE] = { "vduse", VIA_OPTION_VDPA_USER },
	[VIA_MODULE_MDEV] = { "mdev", VIA_OPTION_VFIO_MDEV },
	[VIA_MODULE_VFIO_MDEV] = { "vfio_mdev", VIA_OPTION_VFIO_MDEV_DEVICE },
	[VIA_MODULE_KVMGT] = { "kvmgt", VIA_OPTION_DRM_I915_GVT_KVMGT },
	[VIA_MODULE_I915] = { "i915", OUTSIDE },
	[VIA_MODULE_XE] = { "xe", VIA_OPTION_DRM_XE },
	[VIA_MODULE_NVIDIA_VGPU_VFIO] = { "nvidia_vgpu_vfio", OUTSIDE },
	[VIA_MODULE_KVMFR] = { "kvmfr", OUTSIDE },
	[VIA_MODULE_VENDOR_RESET] = { "vendor_reset", OUTSIDE },
	[VIA_MODULE_VBOXDRV] = { "vboxdrv", OUTSIDE },
	[VIA_MODULE_VMMON] = { "vmmon", OUTSIDE },
};
_Static_assert(VIA_COUNT(kinds) == VIA_MODULES, "every module has its row");

static const char *const state_words[] = {
	[VIA_MODULE_STATE_UNKNOWN] = "could not be told",
	[VIA_MODULE_STATE_BUILTIN] = "built in",
	[VIA_MODULE_STATE_LOADED] = "module loaded",
	[VIA_MODULE_STATE_HERE] = "at work",
	[VIA_MODULE_STATE_LOADABLE] = "module available, not loaded",
	[VIA_MODULE_STATE_NOT_INSTALLED] = "a module of this kernel whose file is not installed",
	[VIA_MODULE_STATE_LEFT_OUT] = "absent from this kernel's configuration",
	[VIA_MODULE_STATE_NONE] = "neither built in nor a module here",
};

const struct via_module_kind *module_kind(enum via_module_id id)
{
	return &kinds[id];
}

const char *module_state_words(enum via_module_state state)
{
	return state_words[state];
}

static bool configured(const struct via_module *module, const char *value)
{
	return fact_text(&module->config) && strcmp(module->config.text, value) == 0;
}

/* modules.builtin lists only what could be a module: an option that is y says it as well. */
static enum via_module_state state_at_work(const struct via_module *module)
{
	if (fact_is(&module->loadable, VIA_PRESENT) || configured(module, "m"))
		return VIA_MODULE_STATE_LOADED;
	if (fact_is(&module->loadable, VIA_ABSENT))
		return VIA_MODULE_STATE_BUILTIN;
	return fact_is(&module->builtin, VIA_ABSENT) ? VIA_MODULE_STATE_LOADED
						     : VIA_MODULE_STATE_HERE;
}

enum via_module_state module_state(const struct via_module *module)
{
	if (fact_is(&module->builtin, VIA_PRESENT) || configured(module, "y"))
		return VIA_MODULE_STATE_BUILTIN;
	if (fact_is(&module->loaded, VIA_PRESENT))
		return state_at_work(module);
	if (fact_is(&module->available, VIA_PRESENT))
		return VIA_MODULE_STATE_LOADABLE;
	if (configured(module, "n"))
		return VIA_MODULE_STATE_LEFT_OUT;
	if (!fact_is(&module->available, VIA_ABSENT) || !fact_is(&module->builtin, VIA_ABSENT))
		return VIA_MODULE_STATE_UNKNOWN;
	/* What is y and could be no module is in neither list. */
	if (fact_is(&module->config, VIA_UNKNOWN) && module->config.error != ENODATA)
		return VIA_MODULE_STATE_UNKNOWN;
	return configured(module, "m") ? VIA_MODULE_STATE_NOT_INSTALLED : VIA_MODULE_STATE_NONE;
}

bool module_is_here(const struct via_module *module)
{
	enum via_module_state state = module_state(module);

	return state == VIA_MODULE_STATE_BUILTIN || state == VIA_MODULE_STATE_LOADED ||
	       state == VIA_MODULE_STATE_HERE;
}

bool module_can_be_here(const struct via_module *module)
{
	return module_is_here(module) || module_state(module) == VIA_MODULE_STATE_LOADABLE;
}
