/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/action.h"

/* What became of one action; told as soon as it is known. */
enum via_step_outcome {
	VIA_STEP_WOULD,	  /* dry run: this would be changed */
	VIA_STEP_DONE,	  /* changed, and read back as wanted */
	VIA_STEP_FAILED,  /* the host refused, or the value did not read back as wanted */
	VIA_STEP_UNDONE,  /* the old value is back, and read back so */
	VIA_STEP_ALREADY, /* nothing to do: the value to be reached was there */
	VIA_STEP_GONE,	  /* nothing to undo: the device left, and its live setting with it */
	VIA_STEP_VOID,	  /* nothing to undo: made in an earlier boot, which took it along */
	VIA_STEP_KEPT,	  /* a module that others use by now: left loaded */
	VIA_STEP_MERGED,  /* our words are out again, its owner's edits stay */
	VIA_STEP_LEFT,	  /* made by a program, and again since: left for it to make once more */
	VIA_STEP_TO_RUN,  /* a program that this image has not: still to be run */
	VIA_STEP_OTHERS,  /* somebody else changed it: left alone, nothing was undone */
	VIA_STEP_OUTCOMES,
};

/**
 * struct via_step_report - one line for whoever watches
 * @transaction: its number in the journal; 0 in a dry run
 * @n, @total: the action's place, from 1
 * @old, @new: the value before and the one wanted (for an undo: ours, and the one put back)
 * @read_back: what is there now; NULL when it was not read
 * @waits: it comes true only with the next boot
 * @ms: how long the change took
 */
struct via_step_report {
	enum via_step_outcome outcome;
	uint64_t transaction;
	size_t n, total;
	enum via_action_kind kind;
	const char *target;
	bool waits;
	const char *old, *new, *read_back;
	const char *why;     /* of the action, or NULL */
	const char *details; /* lines for a person: differences, what a program said; NULL */
	uint64_t ms;
};

/**
 * struct via_apply_options - how to go about it
 * @insistence: uses of a device that an undo passes over
 * @lend: of apply_run(): the transaction stays open, so that recover undoes it should this process
 *        end early; of apply_rollback(): it may be such a one
 * @dry_run: check all, report what would be done, change and write nothing
 * @step: called for each action; may be NULL. Its strings last for the call
 */
struct via_apply_options {
	bool dry_run;
	bool lend;
	enum via_insistence insistence;
	void (*step)(void *context, const struct via_step_report *report);
	void *context;
};

/* step_outcome_name - "would", "done", "undone" and so on */
const char *step_outcome_name(enum via_step_outcome outcome);

/* step_tell - hand a report to whoever asked for it */
void step_tell(const struct via_apply_options *options, const struct via_step_report *report);

/* step_clock_ms - a monotonic clock for @ms */
uint64_t step_clock_ms(void);
