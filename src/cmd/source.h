/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "sys/world.h"

/**
 * source_open - a world from what --from names
 * @source: "/", a directory, a snapshot, an lspci dump, or "-" for either on standard input
 * @arena: holds what is read into memory; must outlive @ret
 *
 * @ret must not move: its effects point at its root. Undone by root_close(&ret->root).
 */
int source_open(struct via_world *ret, const char *source, struct via_arena *arena,
		struct via_error *error);
