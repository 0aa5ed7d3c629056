/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <signal.h>

#include "apply/step.h"
#include "cmd/command.h"

/* A change that is watched: each step is printed as it happens, or gathered for JSON. */
struct via_changing {
	const struct via_session *session;
	json_t *steps;
	uint64_t transaction;
	unsigned int revert_after_s; /* undone by then, unless it is confirmed; 0: not */
	bool persistent;	     /* something was changed that the next boot makes so */
	sigset_t signals; /* blocked before: an interrupt waits until all is done or undone */
};

/* changing_hold_signals - an interrupt waits from now on; @ret is what sigprocmask() puts back */
void changing_hold_signals(sigset_t *ret);

/* changing_let_signals - and let them come again; @before: as they were */
void changing_let_signals(const sigset_t *before);

/* changing_options - options for apply_run() and its like that report to @changing; holds
 * interrupts back until changing_finish() */
struct via_apply_options changing_options(struct via_changing *changing, bool dry_run);

/**
 * changing_finish - print what came of it: the closing line, or the JSON object
 * @r: what apply_run() and its like returned; a failure prints @error
 * Return: an exit status
 */
int changing_finish(struct via_changing *changing, const char *what, int r,
		    const struct via_error *error);

/* changing_timer - the seconds of --revert-after. Return: 0, or VIA_EXIT_USAGE after a complaint */
int changing_timer(const struct via_session *session, const char *command, const char *text,
		   unsigned int *ret);

/* changing_insist - one more --force */
void changing_insist(enum via_insistence *insistence);

/**
 * changing_apply - show a plan and do it, after asking where a person is there to answer
 * @yes: do not ask; without it and without a terminal nothing is done
 */
int changing_apply(const struct via_session *session, const struct via_plan *plan, bool yes,
		   bool dry_run);
