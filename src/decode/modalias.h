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

/* modalias_builtin_claims - likewise for modules.builtin.modinfo: "MODULE.alias=PATTERN\0" */
void modalias_builtin_claims(struct via_arena *arena, struct via_span file, const char *modalias,
			     struct via_names *names);
