/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"
#include "base/names.h"
#include "sys/root.h"

/*
 * The modules of one kernel, as libkmod's indexes under lib/modules list them; from files in
 * memory, what libkmod answered when they were recorded.
 */
struct via_module_index;

#define MODULE_CLAIMS_PATH ".viaduct/claims.json"

/**
 * module_index_open - the indexes of a kernel of the live host
 * @release: as uname -r
 *
 * libkmod follows links, and trusts every offset in an index: it is not for captured trees.
 *
 * Return: 0; -ENOENT when there are no indexes for that kernel; -EOPNOTSUPP for a captured
 * directory; -ENODATA when files in memory hold no recorded answers; -EBADMSG when those are
 * damaged
 */
int module_index_open(struct via_module_index **ret, const struct via_root *root,
		      const char *release);
void module_index_close(struct via_module_index *index);

/* module_index_claims - the modules whose alias matches; names with underscores */
struct via_fact module_index_claims(struct via_module_index *index, struct via_arena *arena,
				    const char *modalias, struct via_names *ret);
