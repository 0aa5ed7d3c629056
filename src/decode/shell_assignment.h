/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * NAME=value lines of files that a shell sources: /etc/default/grub and its drop-ins,
 * mkinitcpio.conf, dracut.conf. Read, never run: what only a shell could tell is said to be
 * untold, together with everything built on it.
 */
struct via_assignment {
	const char *name;
	const char *value; /* after all assignments so far; words of an array joined by blanks */
	bool untold;	   /* commands, conditions or unknown expansions decide the value */
	bool nested;	   /* below if, case, a loop or a function */
	bool adds;	   /* NAME+= */
	size_t line;
	size_t from, to; /* where the value stands as written, quotes included */
};

struct via_assignments {
	via_list(struct via_assignment) list;
};

/**
 * assignments_decode - take over the assignments of one more file
 * @assignments: what the files before it assigned; "$NAME" is looked up here, NAME+= adds here
 *
 * Knows quotes, escapes, continued lines, comments, CRLF, export, arrays, and elements of
 * arrays ("NAME[key]" is the name then). Assignments below if, case, a loop or a function
 * are untold.
 *
 * Return: 0; -E2BIG
 */
int assignments_decode(struct via_arena *arena, struct via_span text,
		       struct via_assignments *assignments);

/* assignment_last - the assignment that counts; NULL where there is none */
const struct via_assignment *assignment_last(const struct via_assignments *assignments,
					     const char *name);
