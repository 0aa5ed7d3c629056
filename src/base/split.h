/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

#include "base/arena.h"

/**
 * split_run - do one thing for many items, on all processors that are allowed
 * @count: items, taken in order and in portions of @portion
 * @work: does items [first, end); runs in any thread, with an arena of that thread alone
 * @arena: takes over what @work allocated; NULL to drop it
 *
 * Few items, or one processor: all in the calling thread.
 */
void split_run(struct via_arena *arena, size_t count, size_t portion,
	       void (*work)(void *context, struct via_arena *arena, size_t first, size_t end),
	       void *context);
