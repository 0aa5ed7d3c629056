/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "model/pci.h"

/* Whether a port keeps apart what is behind it, as the kernel judges it. */
enum via_isolation {
	VIA_ISOLATION_UNKNOWN, /* its configuration space could not be read that far */
	VIA_ISOLATION_NONE,
	VIA_ISOLATION_FULL,
};

/* isolation_is_port - a root or downstream port, or a bridge that stands in its place */
bool isolation_is_port(const struct via_pci_device *device);

/**
 * isolation_of_port - judge one port by its ACS capability and control registers
 * @iommu_active: else the kernel has not switched ACS on yet, and would switch on all of
 *                what the capability offers
 *
 * Source: pci_acs_flags_enabled() in drivers/pci/pci.c; the kernel's quirk table is not
 *         applied here
 */
enum via_isolation isolation_of_port(const struct via_pci_device *port, bool iommu_active);

/* isolation_reason - in a clause: "no ACS capability", "ACS control 0x0000 of 0x001d" */
const char *isolation_reason(const struct via_pci_device *port, struct via_arena *arena);

/* isolation_matters - more than one function is behind the port, or one that can make VFs */
bool isolation_matters(const struct via_pci *pci, const struct via_pci_device *port);
