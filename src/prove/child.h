/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/proof.h"
#include "prove/report.h"

/* What climbing a rung comes to; a negative errno is a failure and ends the road. */
enum via_climb { CLIMB_PASS, CLIMB_WARN, CLIMB_SKIP, CLIMB_CANNOT_TELL };

/**
 * struct via_step - one rung
 * @goes_on: a failure of it does not end the road
 * @extra_ms: what the road's limit grows by when it begins: it starts another program
 */
struct via_step {
	const char *rung;
	int (*climb)(void *context, const struct via_report *report);
	bool goes_on;
	unsigned int extra_ms;
};

/**
 * struct via_road - the rungs towards one target, in order
 * @leave: gives back what the steps took; runs in the child, also after a failure. May be
 *         NULL
 * @restore: puts back what outlives the child and what it may have had no time to put
 *           back; runs in a process of its own once the child is gone, whoever killed it
 *           and its parent. Given the context as it was before. May be NULL
 */
struct via_road {
	const struct via_step *steps;
	size_t count;
	void (*leave)(void *context);
	void (*restore)(void *context);
};

enum { CHILD_LIMIT_MS = 20000 };

/**
 * child_climb - climb a road in a child process and gather what it reports
 * @context: handed to each step; the child works on its own copy of it
 * @keep_fd: a descriptor the steps need, -1 for none; the child has no other of ours
 * @limit_ms: for the whole road; 0 stands for CHILD_LIMIT_MS
 * @proof: initialised and without rungs; gets those of the road
 *
 * A child that hangs is killed at the limit and the rung it was on fails with ETIMEDOUT; one
 * that dies of a signal fails it with EIO. It is killed with its parent. Where even a
 * killed child does not end (it sleeps in the kernel) it is left behind, and the rung says so.
 *
 * Effect: what the steps do
 * Return: 0 when the road was tried, whatever the verdicts; -EAGAIN, -ENOMEM, -EMFILE when
 *         there is no child to be had
 */
int child_climb(const struct via_road *road, void *context, int keep_fd, unsigned int limit_ms,
		struct via_proof *proof, struct via_error *error);
