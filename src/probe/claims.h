/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"
#include "sys/module_index.h"

/* Where answers to "which modules claim this" come from, opened once for many questions. */
struct via_claims {
	struct via_arena *arena;
	struct via_module_index *index; /* NULL: the texts below */
	struct via_blob loadable, builtin;
	int error; /* positive errno: nothing can be told */
};

void claims_open(struct via_claims *ret, const struct via_root *root, struct via_host *host);
void claims_close(struct via_claims *claims);

/**
 * claims_of - the modules of the running kernel whose alias matches
 * @ret: emptied first
 */
struct via_fact claims_of(struct via_claims *claims, const char *alias, struct via_names *ret);
