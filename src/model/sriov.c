/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/sriov.h"

#include <string.h>

#include "base/cleanup.h"

struct via_sriov_room sriov_room(const struct via_pci *pci, const struct via_pci_device *device)
{
	struct via_sriov_room room = { 0 };
	struct via_pci_header above;
	uint64_t last;

	if (!fact_number(&pci_sriov(device)->total, 0) ||
	    !fact_is(&pci_sriov(device)->offset, VIA_PRESENT) ||
	    !fact_is(&pci_sriov(device)->stride, VIA_PRESENT) || !device->parent ||
	    !pci_header_decode(device->parent->config.span, &above) || !above.subordinate)
		return room;
	last = address_rid(device->address) + pci_sriov(device)->offset.number +
	       (pci_sriov(device)->total.number - 1) * pci_sriov(device)->stride.number;
	room.last_bus = (unsigned int)(last >> 8);
	if (room.last_bus > device->address.bus)
		room.buses_needed = room.last_bus - device->address.bus;
	if (above.subordinate > device->address.bus)
		room.buses_there = above.subordinate - (unsigned int)device->address.bus;
	return room;
}

/* Drivers of the kernel, as of 6.18, whose struct pci_driver has sriov_configure. */
static const char *const able[] = {
	"igb",		"ixgbe",
	"i40e",		"ice",
	"idpf",		"fm10k",
	"bnx2x",	"bnxt_en",
	"qede",		"qlcnic",
	"mlx5_core",	"cxgb4",
	"nfp",		"sfc",
	"sfc_ef100",	"hns3",
	"hinic",	"be2net",
	"LiquidIO",	"nvme",
	"virtio-pci",	"ena",
	"ionic",	"pds_core",
	"4xxx",		"420xx",
	"c3xxx",	"c6xx",
	"dh895xcc",	"hisi_hpre",
	"hisi_sec2",	"hisi_zip",
	"nitrox",	"octeontx2-nicpf",
	"rvu_af",	"pci-pf-stub",
	"xe",		"txgbe",
	"ngbe",		"cpt",
	"octeontx-cpt",
};

static const struct {
	const char *driver, *words;
} unable[] = {
	{ "i915", "i915 makes no VFs as it is in the kernel: xe does on newer kernels, else "
		  "i915-sriov-dkms" },
	{ "nouveau", "nouveau makes no VFs: NVIDIA's licensed host driver does" },
	{ "nvidia", "NVIDIA's driver makes VFs only as its licensed host driver, through "
		    "sriov-manage" },
	{ "amdgpu", "amdgpu makes no VFs: AMD's host module (gim) does, for few cards" },
	{ "mlx4_core", "mlx4_core makes VFs when it is loaded with num_vfs=, not later" },
	{ "vfio-pci", "vfio-pci makes VFs only with enable_sriov=1, and each then needs a VF "
		      "token" },
	{ "xe", "xe makes VFs only when it is loaded with max_vfs=N, and it was loaded with 0; of "
		"client graphics from about Linux 6.17 on" },
};

static bool was_loaded_without(const struct via_host *host, const char *driver)
{
	const struct via_fact *most = kernel_parameter(&host->kernel, driver, "max_vfs");

	return strcmp(driver, "xe") == 0 && fact_text(most) && strcmp(most->text, "0") == 0;
}

/* i915-sriov-dkms puts an i915 in place that makes VFs, NVIDIA's host driver an nvidia. */
static bool comes_from_dkms(const struct via_host *host, const char *driver)
{
	via_for_each (package, &host->kernel.dkms)
		if (package->built_for_running && names_have(&package->modules, driver))
			return true;
	return false;
}

/* Source: vfio_pci_sriov_configure() in drivers/vfio/pci/vfio_pci.c */
static enum via_known vfio_can(const struct via_host *host)
{
	const char *text = fact_text(kernel_parameter(&host->kernel, "vfio_pci", "enable_sriov"));

	if (!text)
		return VIA_UNKNOWN;
	return *text == 'Y' || *text == '1' ? VIA_PRESENT : VIA_ABSENT;
}

enum via_known sriov_driver_can(const struct via_host *host, const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);

	if (!driver)
		return fact_is(&device->driver, VIA_UNKNOWN) ? VIA_UNKNOWN : VIA_ABSENT;
	if (strcmp(driver, "vfio-pci") == 0 && !pci_sriov(device)->virtfns.count)
		return vfio_can(host);
	for (size_t i = 0; i < VIA_COUNT(able); i++)
		if (strcmp(able[i], driver) == 0 &&
		    (pci_sriov(device)->virtfns.count || !was_loaded_without(host, driver)))
			return VIA_PRESENT;
	for (size_t i = 0; i < VIA_COUNT(unable); i++)
		/* VFs that are there were made by somebody. */
		if (strcmp(unable[i].driver, driver) == 0 && !pci_sriov(device)->virtfns.count)
			return comes_from_dkms(host, driver) ? VIA_UNKNOWN : VIA_ABSENT;
	return pci_sriov(device)->virtfns.count ? VIA_PRESENT : VIA_UNKNOWN;
}

const char *sriov_driver_words(const struct via_host *host, const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);

	if (!driver)
		return fact_is(&device->driver, VIA_UNKNOWN)
			       ? "its driver could not be told"
			       : "no driver is bound, and without one no VF can be made";
	switch (sriov_driver_can(host, device)) {
	case VIA_PRESENT:
		return "its driver makes them when sriov_numvfs is written";
	case VIA_UNKNOWN:
		return "whether its driver makes them is not known here: writing sriov_numvfs "
		       "tells (ENOENT: it does not)";
	default:
		break;
	}
	for (size_t i = 0; i < VIA_COUNT(unable); i++)
		if (strcmp(unable[i].driver, driver) == 0)
			return unable[i].words;
	return "its driver makes none";
}

int sriov_bar_without_room(const struct via_pci_device *device)
{
	if (!fact_is(&device->resource, VIA_PRESENT))
		return -1;
	for (size_t i = VIA_VF_BARS; i < device->resource_count; i++)
		if (device->resources[i].flags && !device->resources[i].start)
			return (int)(i - VIA_VF_BARS);
	return -1;
}
