/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "model/pci.h"

/**
 * pci_assignable - whether a function can be given away through VFIO as the host now is
 * @device: may be NULL: there is no such function
 * @ret_group: its IOMMU group; may be NULL
 * @error: which of the reasons it is not, and what to do about it; may be NULL
 *
 * Opening a function through VFIO resets it, so what is refused is refused before.
 *
 * Return: 0; -ENODEV no such function, not bound to a VFIO driver, or in no group with an
 *         IOMMU; -EBUSY somebody uses it; -EPERM its group holds functions of other drivers;
 *         -ENODATA what decides could not be told
 */
int pci_assignable(const struct via_pci *pci, const struct via_pci_device *device,
		   const struct via_pci_group **ret_group, struct via_error *error);
