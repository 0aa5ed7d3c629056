/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/names.h"
#include "base/span.h"

/*
 * Which modules claim a device, from the text files of a captured kernel. Its binary indexes
 * are not for that: libkmod trusts every offset in them.
 */

/* modalias_matches - whether a pattern of *, ? and [a-f] matches; time is bounded by the
 * product of the lengths, whatever the pattern */
bool modalias_matches(const char *pattern, const char *modalias);

/**
 * modalias_claims - modules of a modules.alias file: lines "alias PATTERN MODULE"
 * @names: added to, each once
 */
void modalias_claims(struct via_arena *arena, struct via_span file, const char *modalias,
		     struct via_names *names);

/* A line of those files, with the module's underscores. */
struct via_alias {
	const char *pattern, *module;
};

struct via_aliases {
	struct via_alias *items;
	size_t count, capacity;
};

/**
 * modalias_collect - the aliases of one kind, for many questions
 * @prefix: what their patterns begin with: "vfio_pci:"
 * @ret: added to
 */
void modalias_collect(struct via_arena *arena, struct via_span file, const char *prefix,
		      struct via_aliases *ret);

/* modalias_builtin_collect - likewise, of modules.builtin.modinfo */
void modalias_builtin_collect(struct via_arena *arena, struct via_span file, const char *prefix,
			      struct via_aliases *ret);

/* modalias_fittest - the module whose pattern matches with the fewest stars; NULL: none matches */
const char *modalias_fittest(const struct via_aliases *aliases, const char *modalias);

/* modalias_builtin_claims - likewise for modules.builtin.modinfo: "MODULE.alias=PATTERN\0" */
void modalias_builtin_claims(struct via_arena *arena, struct via_span file, const char *modalias,
			     struct via_names *names);
