/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "model/pci.h"

/**
 * dma_alias_between - whether one of two functions of a bus is known to use the other's
 * requester id for its DMA
 *
 * Source: pci_add_dma_alias() in drivers/pci/quirks.c, Linux 6.12. Switchtec bridges, whose
 *         aliases are in their own memory, are not among them.
 */
bool dma_alias_between(const struct via_pci_device *a, const struct via_pci_device *b);

/* dma_alias_poses - whether a function is of a kind that poses as another at all */
bool dma_alias_poses(const struct via_pci_device *device);
