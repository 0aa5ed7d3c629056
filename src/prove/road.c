/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/road.h"

#include <errno.h>

int prove_road(const char *target, const struct via_road *road, void *context,
	       const struct via_root *root, const struct via_prove_options *options,
	       struct via_proof *ret, struct via_error *error)
{
	struct via_proof proof;
	int r;

	if (!root->live)
		return error_set(error, -EINVAL, "cannot prove", root->path,
				 "a captured host has no kernel that could answer");
	proof_init(&proof, target);
	r = child_climb(road, context, root->fd, options->limit_ms, &proof, error);
	if (r < 0)
		proof_free(&proof);
	else
		*ret = proof;
	return r;
}
