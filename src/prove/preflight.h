/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "model/host.h"

/**
 * preflight - whether a function may be opened at all, from what is known of the host
 * @device: may be NULL: there is no such function
 * @ret_group: its IOMMU group
 *
 * Opening a function through VFIO resets it, so what is refused is refused before.
 *
 * Return: 0; -ENODEV no such function, not bound to a VFIO driver, or in no group; -EBUSY
 *         somebody uses it; -EPERM its group holds functions of other drivers; -ENODATA what
 *         decides could not be told
 */
int preflight(const struct via_host *host, const struct via_pci_device *device,
              const struct via_pci_group **ret_group, struct via_error *error);
