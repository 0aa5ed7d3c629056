/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/pci.h"
#include "render/paper.h"

/* text_holders - the rows of `show` that say who uses a device, and what the host would lose */
void text_holders(const struct via_paper *paper, const struct via_pci_device *device);

/* json_loss - {"severity": "idle" | "in-use" | "vital" | null, "would_lose": […]} */
json_t *json_loss(const struct via_pci_device *device);
