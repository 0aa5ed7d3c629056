/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/boot.h"

/* What the files that plan a next boot share among themselves. */

/* boot_joined - words in one line */
const char *boot_joined(struct via_plan *plan, const struct via_names *words);

/* boot_readable - whether a file could be looked at; else the plan is refused */
bool boot_readable(struct via_plan *plan, const struct via_boot_state *state);

/* boot_edit_lines - words into each line that takes them, and off each that has them */
void boot_edit_lines(struct via_plan *plan, const struct via_boot_change *change,
		     const struct via_names *add, const struct via_names *remove, const char *why);
