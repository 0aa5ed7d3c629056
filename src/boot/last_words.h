/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "sys/root.h"

/**
 * boot_last_words - what a kernel said when it died, as pstore kept it
 *
 * Depth:  attributes
 * Return: the line that says why, in @arena; NULL: nothing of that kind was kept, or could be read
 */
const char *boot_last_words(const struct via_root *root, struct via_arena *arena);
