/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "prove/child.h"
#include "prove/prove.h"

/**
 * prove_road - climb a road of the live host's
 * @target: what the proof is of
 * @ret: filled in; untouched on failure
 *
 * Return: 0 whatever the verdicts; -EINVAL @root is not the live host; others as child_climb()
 */
int prove_road(const char *target, const struct via_road *road, void *context,
	       const struct via_root *root, const struct via_prove_options *options,
	       struct via_proof *ret, struct via_error *error);
