/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/host.h"
#include "render/paper.h"

/*
 * What there is of SR-IOV: PFs, their VFs and what is set for each.
 * @only: one PF; NULL for all
 */
void text_sriov(const struct via_paper *paper, const struct via_host *host,
		const struct via_pci_device *only);

/* json_sriov - viaduct.sriov/1; the caller owns the result */
json_t *json_sriov(const struct via_host *host, const struct via_pci_device *only);
