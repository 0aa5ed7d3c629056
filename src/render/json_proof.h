/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/proof.h"

/**
 * json_proof - a proof as viaduct.prove/1
 *
 * "errno" is a name ("EBUSY") or null; "evidence" maps names to texts; "hint" is there only
 * where there is one; "interface" and "round" where a function was proved by more ways to the
 * IOMMU, or in rounds.
 *
 * Return: a new reference
 */
json_t *json_proof(const struct via_proof *proof);
