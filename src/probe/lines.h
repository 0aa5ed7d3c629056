/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"

/*
 * Files of lines that each begin with a key, read once and asked often: os-release,
 * proc/meminfo, proc/self/status.
 */

/* lines_value - what follows @key on the first line that begins with it, blanks around it
 * removed; absent when none does; as @file where that is not present */
struct via_fact lines_value(const struct via_fact *file, struct via_arena *arena, const char *key);

/* lines_number - likewise, and the number it begins with; EBADMSG when it is none */
struct via_fact lines_number(const struct via_fact *file, struct via_arena *arena, const char *key,
			     int base);
