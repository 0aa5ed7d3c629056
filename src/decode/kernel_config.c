/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/kernel_config.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

#define NAME(name) [VIA_OPTION_##name] = #name
static const char *const names[] = {
	NAME(KVM),
	NAME(KVM_INTEL),
	NAME(KVM_AMD),
	NAME(KVM_AMD_SEV),
	NAME(INTEL_IOMMU),
	NAME(INTEL_IOMMU_DEFAULT_ON),
	NAME(INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF),
	NAME(INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON),
	NAME(INTEL_IOMMU_SVM),
	NAME(AMD_IOMMU),
	NAME(AMD_IOMMU_V2),
	NAME(VIRTIO_IOMMU),
	NAME(ARM_SMMU_V3),
	NAME(IRQ_REMAP),
	NAME(IOMMU_DEFAULT_DMA_STRICT),
	NAME(IOMMU_DEFAULT_DMA_LAZY),
	NAME(IOMMU_DEFAULT_PASSTHROUGH),
	NAME(IOMMUFD),
	NAME(IOMMUFD_VFIO_CONTAINER),
	NAME(VFIO),
	NAME(VFIO_GROUP),
	NAME(VFIO_CONTAINER),
	NAME(VFIO_IOMMU_TYPE1),
	NAME(VFIO_DEVICE_CDEV),
	NAME(VFIO_NOIOMMU),
	NAME(VFIO_VIRQFD),
	NAME(VFIO_PCI),
	NAME(VFIO_PCI_CORE),
	NAME(VFIO_PCI_VGA),
	NAME(VFIO_PCI_IGD),
	NAME(VFIO_MDEV),
	NAME(VFIO_MDEV_DEVICE),
	NAME(VFIO_DEBUGFS),
	NAME(MLX5_VFIO_PCI),
	NAME(HISI_ACC_VFIO_PCI),
	NAME(PDS_VFIO_PCI),
	NAME(VIRTIO_VFIO_PCI),
	NAME(NVGRACE_GPU_VFIO_PCI),
	NAME(QAT_VFIO_PCI),
	NAME(XE_VFIO_PCI),
	NAME(ISM_VFIO_PCI),
	NAME(PCI_STUB),
	NAME(VHOST),
	NAME(VHOST_NET),
	NAME(VHOST_VSOCK),
	NAME(VHOST_SCSI),
	NAME(VHOST_VDPA),
	NAME(TUN),
	NAME(VDPA),
	NAME(VDPA_USER),
	NAME(VDPA_SIM),
	NAME(VDPA_SIM_NET),
	NAME(VDPA_SIM_BLOCK),
	NAME(VIRTIO_VDPA),
	NAME(VP_VDPA),
	NAME(MLX5_VDPA_NET),
	NAME(IFCVF),
	NAME(PDS_VDPA),
	NAME(OCTEONEP_VDPA),
	NAME(SNET_VDPA),
	NAME(VIRTIO),
	NAME(VIRTIO_PCI),
	NAME(VIRTIO_NET),
	NAME(VIRTIO_BLK),
	NAME(MEMFD_CREATE),
	NAME(PCI_IOV),
	NAME(PCI_ATS),
	NAME(PCI_PRI),
	NAME(PCI_PASID),
	NAME(PCI_P2PDMA),
	NAME(PCI_REALLOC_ENABLE_AUTO),
	NAME(PCIEPORTBUS),
	NAME(HUGETLBFS),
	NAME(CPU_ISOLATION),
	NAME(NO_HZ_FULL),
	NAME(RCU_NOCB_CPU),
	NAME(NUMA),
	NAME(SYSFB),
	NAME(SYSFB_SIMPLEFB),
	NAME(DRM_SIMPLEDRM),
	NAME(FB_EFI),
	NAME(FB_SIMPLE),
	NAME(FB_VESA),
	NAME(DRM_I915_GVT_KVMGT),
	NAME(DRM_XE),
	NAME(MODULE_SIG),
	NAME(MODULE_SIG_FORCE),
	NAME(SECURITY_LOCKDOWN_LSM),
	NAME(LOCK_DOWN_KERNEL_FORCE_INTEGRITY),
	NAME(LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY),
	NAME(LOCK_DOWN_IN_EFI_SECURE_BOOT),
	NAME(STRICT_DEVMEM),
	NAME(IO_STRICT_DEVMEM),
	NAME(ACPI),
	NAME(X86_MSR),
	NAME(X86_CPUID),
	NAME(X86_X2APIC),
	NAME(X86_POSTED_MSI),
	NAME(DMI_SYSFS),
	NAME(EFIVAR_FS),
	NAME(IKCONFIG_PROC),
	NAME(SAMPLE_VFIO_MDEV_MTTY),
};
_Static_assert(VIA_COUNT(names) == VIA_KERNEL_OPTION_COUNT, "every option has a name");

static const char prefix[] = "CONFIG_";

const char *kernel_option_name(enum via_kernel_option option)
{
	return names[option];
}

/* The option of that name; the count where it is none of ours. */
static size_t find_option(const char *name, size_t length)
{
	for (size_t i = 0; i < VIA_COUNT(names); i++)
		if (names[i][0] == *name && strncmp(names[i], name, length) == 0 &&
		    !names[i][length])
			return i;
	return VIA_COUNT(names);
}

static const char *value_of(struct via_arena *arena, const char *text, size_t length)
{
	if (length >= 2 && *text == '"' && text[length - 1] == '"')
		return arena_strndup(arena, text + 1, length - 2);
	return arena_strndup(arena, text, length);
}

/* CONFIG_NAME=VALUE; "# CONFIG_NAME is not set" says what leaving it out says as well. */
static void take_line(struct via_arena *arena, const char *line, size_t length,
		      struct via_kernel_config *config)
{
	size_t skip = sizeof(prefix) - 1, option;
	const char *equals;

	if (length <= skip || memcmp(line, prefix, skip) != 0)
		return;
	equals = memchr(line, '=', length);
	if (!equals || equals == line + skip)
		return;
	config->lines++;
	option = find_option(line + skip, (size_t)(equals - line) - skip);
	while (length && strchr("\r \t", line[length - 1]))
		length--;
	if (option < VIA_COUNT(names) && line + length > equals)
		config->values[option] =
			value_of(arena, equals + 1, (size_t)(line + length - equals) - 1);
}

int kernel_config_decode(struct via_arena *arena, struct via_span text,
			 struct via_kernel_config *ret)
{
	const char *at = (const char *)text.data, *end = at + text.size;
	struct via_kernel_config config = { 0 };

	for (size_t i = 0; i < VIA_COUNT(names); i++)
		config.values[i] = "n";
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop)
			stop = end;
		take_line(arena, at, (size_t)(stop - at), &config);
		at = stop + 1;
	}
	if (!config.lines)
		return -EBADMSG;
	*ret = config;
	return 0;
}
