/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "model/isolation.h"

/**
 * struct via_acs_subject - what a quirk asks of a function
 * @express: whether it is PCI Express; then @type is its kind
 * @multifunction: whether its slot has several functions
 * @ivrs: whether firmware describes an AMD IOMMU
 * @iommu_active: else what the kernel would switch on counts as on
 */
struct via_acs_subject {
	const struct via_pci_device *device;
	enum via_known express, multifunction, ivrs;
	enum via_pcie_type type;
	bool iommu_active;
};

/**
 * acs_quirk - the kernel's opinion of particular devices, which goes before their registers
 *
 * Return: whether a row speaks of this function; @ret untouched when none does. A row that
 *         may or may not apply, for want of a fact, answers VIA_ISOLATION_UNKNOWN.
 *
 * Source: pci_dev_acs_enabled[] in drivers/pci/quirks.c, Linux 6.12
 */
bool acs_quirk(const struct via_acs_subject *subject, struct via_isolation_judgement *ret);
