/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "apply/step.h"
#include "base/error.h"
#include "sys/world.h"

/*
 * A change that is undone by itself unless somebody says in time that it is good: for whoever
 * might cut the branch he sits on. run/viaduct-timers/NNNNNN holds the moment at which
 * transaction N falls due (milliseconds of CLOCK_BOOTTIME) and dies with the boot, as what it
 * stands for does; NNNNNN.due is one that has fallen due. It is there before the first change,
 * so that `recover` undoes what is overdue even where the process that waits was killed.
 */

enum { TIMER_SHORTEST_S = 5, TIMER_LONGEST_S = 86400 };

/**
 * timer_set - transaction @id falls due in @seconds
 * Return: 0; negative errno, and then nothing may be changed
 */
int timer_set(const struct via_root *root, uint64_t id, unsigned int seconds,
	      struct via_error *error);

/**
 * timer_start - have a process wait for it that no end of a session reaches
 *
 * It is a daemon of its own session and, where control groups are, in none of the caller's.
 *
 * Return: 0; negative errno, and then the timer is gone again
 */
int timer_start(const struct via_world *world, uint64_t id, struct via_error *error);

/**
 * timer_wait - wait until it falls due, then undo, and try again while the device is in use
 * Return: 0 when the transaction was kept, or undone by somebody else; 1 undone; else as
 *         apply_rollback()
 */
int timer_wait(const struct via_world *world, uint64_t id, const struct via_apply_options *options,
	       struct via_error *error);

/* timer_left_ms - until it falls due: 0 overdue, -ENOENT there is none, other negative errno */
int64_t timer_left_ms(const struct via_root *root, uint64_t id);

/* timer_drop - its transaction is undone */
void timer_drop(const struct via_root *root, uint64_t id);

struct via_timers {
	uint64_t *items; /* transactions */
	size_t count, capacity;
};

/**
 * timer_keep - keep what every timer stands for that has not fallen due
 * @ret: those transactions
 * Effect: run/viaduct-timers
 * Return: 0, also when there is none; negative errno
 */
int timer_keep(const struct via_world *world, struct via_arena *arena, struct via_timers *ret,
	       struct via_error *error);
