/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/host.h"
#include "render/paper.h"

/*
 * What firmware's tables say of one function: the IOMMU unit that covers it, the memory that
 * is kept for it, and the name of its slot.
 */
void text_show_firmware(const struct via_paper *paper, const struct via_host *host,
			const struct via_pci_device *device);

/* json_show_firmware - {"unit","reserved_region","relaxable","slot","slot_lanes"}; null where
 * it could not be told, or there is none */
json_t *json_show_firmware(const struct via_host *host, const struct via_pci_device *device);
