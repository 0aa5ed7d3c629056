/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/span.h"

/**
 * merge_take_back - take what was changed from @old to @ours back out of @present
 *
 * Word by word: whatever else @present has over @ours stays as it is, to the byte. Where the
 * two touch the same words, nobody but its owner can tell what is meant.
 *
 * Return: 0; -EEXIST when they do; -EBADMSG for what is no text
 */
int merge_take_back(struct via_arena *arena, struct via_span old, struct via_span ours,
		    struct via_span present, struct via_span *ret);
