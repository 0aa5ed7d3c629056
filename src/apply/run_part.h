/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"
#include "apply/step.h"
#include "base/error.h"
#include "sys/world.h"

/* A plan that is being done. @noted: actions in the journal so far */
struct run {
	const struct via_world *world;
	const struct via_plan *plan;
	const struct via_apply_options *options;
	struct via_arena *arena;
	struct via_journal journal;
	size_t noted;
	struct via_error *error;
};

/**
 * run_note_intent - the next line of the journal, what undoing needs before it
 * @action: its store set, its expected value the one that was found
 */
int run_note_intent(struct run *run, const struct via_action *action, struct via_found *found);

/**
 * run_program - run an action's program and put what it made in place, each file an entry of
 * the journal
 * @report: given the program's words, or that it is still to be run (an image without it)
 *
 * Return: 0; negative errno, told in run->error
 */
int run_program(struct run *run, const struct via_action *action, struct via_step_report *report);
