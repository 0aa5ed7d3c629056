/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

#include "base/arena.h"

/* Does items [first, end); runs in any thread, with an arena of that thread alone. */
typedef void (*via_split_work)(void *context, struct via_arena *arena, size_t first, size_t end);

/**
 * split_run - do one thing for many items, on all processors that are allowed
 * @count: items, taken in order and in portions of @portion
 * @arena: takes over what @work allocated; NULL to drop it
 *
 * Few items, or one processor: all in the calling thread.
 */
void split_run(struct via_arena *arena, size_t count, size_t portion, via_split_work work,
	       void *context);

struct via_split;

/**
 * split_begin - likewise, and let other threads begin while the caller does something else
 * @portion: at most; few items are taken in smaller ones
 *
 * Return: to be given to split_end()
 */
struct via_split *split_begin(size_t count, size_t portion, via_split_work work, void *context);

/* split_end - do what is left, and wait for the others; @split is gone */
void split_end(struct via_split *split, struct via_arena *arena);
