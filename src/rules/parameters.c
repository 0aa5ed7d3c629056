/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/parameters.h"

#include <string.h>

#include "base/cleanup.h"
#include "decode/cmdline.h"

static const struct via_parameter_table *const tables[] = {
	&parameters_iommu,    &parameters_vfio,	  &parameters_pci,    &parameters_kvm,
	&parameters_graphics, &parameters_memory, &parameters_system,
};

static const char *const verdict_names[] = {
	[VIA_LINT_OK] = "ok",
	[VIA_LINT_NO_EFFECT] = "no-effect",
	[VIA_LINT_UNKNOWN] = "unknown",
	[VIA_LINT_RISKY] = "risky",
	[VIA_LINT_NOT_HERE] = "not-here",
	[VIA_LINT_OBSOLETE] = "obsolete",
	[VIA_LINT_WRONG] = "wrong",
};
_Static_assert(VIA_COUNT(verdict_names) == VIA_LINT_VERDICTS, "every verdict has a name");

static const char *const reader_names[] = {
	[VIA_READER_CORE] = "kernel",	      [VIA_READER_MODULE] = "module",
	[VIA_READER_INITRAMFS] = "initramfs", [VIA_READER_USER] = "user-space",
	[VIA_READER_LOADER] = "boot-loader",
};
_Static_assert(VIA_COUNT(reader_names) == VIA_READERS, "every reader has a name");

const char *lint_verdict_name(enum via_lint_verdict verdict)
{
	return verdict_names[verdict];
}

const char *reader_name(enum via_reader reader)
{
	return reader_names[reader];
}

static bool names(const struct via_known_parameter *known, const char *name)
{
	struct via_parameter parameter = { .name = name };

	if (known->value == VIA_VALUE_FAMILY)
		return strncmp(known->name, name, strlen(known->name)) == 0;
	return parameter_is(&parameter, known->name);
}

/* A whole name goes before the family it belongs to: rd.driver.pre before rd. */
const struct via_known_parameter *parameter_known(const char *name)
{
	const struct via_known_parameter *family = NULL, *known;

	for (size_t i = 0; (known = parameter_at(i)); i++) {
		if (!names(known, name))
			continue;
		if (known->value != VIA_VALUE_FAMILY)
			return known;
		family = known;
	}
	return family;
}

const struct via_known_parameter *parameter_at(size_t index)
{
	for (size_t t = 0; t < VIA_COUNT(tables); t++) {
		if (index < tables[t]->count)
			return &tables[t]->items[index];
		index -= tables[t]->count;
	}
	return NULL;
}

/* Releases as their history tells; "gone" is the first release without it. */
static const struct via_module_life lives[] = {
	{ "vfio_virqfd", 0, VIA_KERNEL(6, 2), "it became part of vfio" },
	{ "vfio_mdev", 0, VIA_KERNEL(5, 19), "mdev drivers bind without it" },
	{ "amd_iommu_v2", 0, VIA_KERNEL(6, 7), "the AMD driver does its work itself" },
	{ "vfio_pci_core", VIA_KERNEL(5, 15), 0, "the common part of vfio-pci" },
	{ "iommufd", VIA_KERNEL(6, 2), 0, "the newer interface beside VFIO's containers" },
	{ "mlx5_vfio_pci", VIA_KERNEL(5, 18), 0, "vfio-pci for Mellanox functions" },
	{ "hisi_acc_vfio_pci", VIA_KERNEL(5, 18), 0, "vfio-pci for HiSilicon accelerators" },
	{ "pds_vfio_pci", VIA_KERNEL(6, 6), 0, "vfio-pci for AMD Pensando" },
	{ "virtio_vfio_pci", VIA_KERNEL(6, 8), 0, "vfio-pci for virtio functions" },
	{ "nvgrace_gpu_vfio_pci", VIA_KERNEL(6, 9), 0, "vfio-pci for NVIDIA Grace" },
	{ "qat_vfio_pci", VIA_KERNEL(6, 10), 0, "vfio-pci for Intel QuickAssist" },
	{ "xe", VIA_KERNEL(6, 8), 0, "Intel's newer graphics driver" },
};

const struct via_module_life *module_life(const char *name)
{
	struct via_parameter parameter = { .name = name };

	for (size_t i = 0; i < VIA_COUNT(lives); i++)
		if (parameter_is(&parameter, lives[i].name))
			return &lives[i];
	return NULL;
}
