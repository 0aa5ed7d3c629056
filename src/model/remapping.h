/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"

/*
 * What a DMAR or IVRS table means on this host: which functions its units cover, and for
 * which firmware keeps memory. A table names a function by a path of hops, which only the
 * bridges' secondary bus numbers turn into an address.
 *
 * Source: Intel VT-d specification 8.3; drivers/iommu/intel/dmar.c (dmar_match_pci_path),
 *         iommu.c (device_lookup_iommu); drivers/iommu/amd/init.c (init_iommu_from_acpi)
 */

/**
 * struct via_named_device - whom one entry of a table means
 * @path: as the table says it: "00:1c.0/00.0", "00:14.0", "00:01.0-ff:1f.7"
 * @device: NULL when nothing is there, or a bridge on the way could not be read
 * @below: also all that is behind @device, a bridge
 * @untold: a bridge on the way could not be read: nobody knows whether @device is there
 */
struct via_named_device {
	const char *path;
	const struct via_pci_device *device;
	bool below, untold;
};

/**
 * struct via_remapping_unit - one DRHD, or one IVHD of the kind a kernel takes
 * @all: INCLUDE_PCI_ALL, or every id from 0 to ffff
 * @graphics_only: its scope is display functions alone: igfx_off switches off just this one
 * @named: the PCI functions of its scope; the IOAPICs and HPETs are not among them
 */
struct via_remapping_unit {
	const char *name; /* "DRHD at 0xfed90000" */
	uint32_t segment;
	uint64_t base;
	bool all, graphics_only;
	via_list(struct via_named_device) named;
	const struct via_ivrs_block *block; /* NULL for a DRHD */
};

/**
 * struct via_firmware_region - memory that firmware goes on using by DMA
 * @last: inclusive
 * @all: for every device of the segment (IVMD 20h)
 * @direct: must stay mapped one to one; an exclusion range need not
 * @broken: not of whole pages, or ends before it begins
 */
struct via_firmware_region {
	const char *name; /* "RMRR 0x7b000000-0x7b0fffff" */
	uint32_t segment;
	uint64_t base, last;
	bool all, direct, broken;
	via_list(struct via_named_device) named;
};

struct via_remapping {
	bool amd;
	via_list(struct via_remapping_unit) units;
	via_list(struct via_firmware_region) regions;
	size_t ats_ports; /* functions named by ATSR */
	bool ats_all;
};

/**
 * remapping_new - resolve the table that this host has; empty where none was decoded
 * Return: never NULL; lives in @arena
 */
const struct via_remapping *remapping_new(struct via_arena *arena, const struct via_host *host);

/* remapping_unit - the unit whose table entry covers a function; NULL when none does. A
 * virtual function is covered as its physical one, what is behind VMD as VMD. */
const struct via_remapping_unit *remapping_unit(const struct via_remapping *remapping,
						const struct via_host *host,
						const struct via_pci_device *device);

/* remapping_region - the first region that is kept for that very function, or NULL */
const struct via_firmware_region *remapping_region(const struct via_remapping *remapping,
						   const struct via_pci_device *device);

/**
 * region_is_relaxable - whether the kernel lets go of a region when VFIO takes the function
 *
 * On Intel: USB controllers and display functions, which need it only before their driver
 * starts (device_rmrr_is_relaxable). AMD's driver knows no such exception.
 */
bool region_is_relaxable(const struct via_remapping *remapping,
			 const struct via_pci_device *device);

/* unit_is_empty - it is for nobody: each function it names was looked for and is not there */
bool unit_is_empty(const struct via_remapping_unit *unit);

/* pci_secondary_bus - of a bridge, from its configuration space or from what is behind it */
bool pci_secondary_bus(const struct via_host *host, const struct via_pci_device *bridge,
		       uint8_t *ret);

/* firmware_slot - the slot of the board that a function sits in, or NULL */
const struct via_smbios_slot *firmware_slot(const struct via_host *host,
					    const struct via_pci_device *device);
