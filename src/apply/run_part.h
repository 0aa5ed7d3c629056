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

/* run_action_at - an action of the plan, which knows where the journal keeps what it needs */
struct via_action run_action_at(const struct run *run, size_t n);
struct via_step_report run_report_of(const struct run *run, size_t n);

/* run_compare - wait until the target is there, and look whether it may be changed now
 * Return: as check_action(), told in run->error */
int run_compare(const struct run *run, const struct via_action *action, struct via_found *ret);

/* run_step_failed - tell so in run->error. @code: 0 where it reads back otherwise */
int run_step_failed(const struct run *run, const struct via_action *action, int code,
		    const char *read_back);

/* run_judge - what a change came to. @code: what making it returned, no -ETIMEDOUT
 * Return: 0; negative errno, told in run->error */
int run_judge(const struct run *run, const struct via_action *action, int code,
	      const char *read_back);

/* run_abreast_end - how far from @first actions of several functions go side by side; @first
 * where that one is to be done for itself */
size_t run_abreast_end(const struct run *run, size_t first);

/**
 * run_abreast - do these actions: the first of each function, then the second ones …
 *
 * Of each such stage all are compared, then what is about to be done is on disk, then it is done
 * and read back, then that is on disk.
 *
 * Return: 0; negative errno, told in run->error
 */
int run_abreast(struct run *run, size_t first, size_t end);

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
