/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <time.h>

#include "base/arena.h"
#include "sys/root.h"

/**
 * boot_last_words - what a kernel said when it died, as pstore kept it
 * @since: what was kept before is of another boot
 *
 * Depth:  attributes
 * Return: the line that says why, in @arena; NULL: nothing of that kind was kept, or could be read
 */
const char *boot_last_words(const struct via_root *root, struct via_arena *arena, time_t since);
