/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "model/proof.h"

/**
 * json_proof - a proof as viaduct.prove/1
 *
 * "errno" is a name ("EBUSY") or null; "evidence" maps names to texts; "hint" is there only
 * where there is one; "interface" and "round" where a function was proved by more ways to the
 * IOMMU, or in rounds; "earlier" of a rung is what it came to in the proof that the whole's
 * "earlier" names.
 *
 * Return: a new reference
 */
json_t *json_proof(const struct via_proof *proof);

/**
 * proof_from_json - what a comparison needs of an earlier result: rungs, verdicts, the host
 * @where: for the error
 * @ret: to be given back with proof_free(); untouched on failure
 *
 * Return: 0; -EBADMSG it is no viaduct.prove/1
 */
int proof_from_json(const json_t *object, const char *where, struct via_proof *ret,
		    struct via_error *error);
