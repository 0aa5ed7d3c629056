/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/error.h"

/**
 * struct via_lanes - steps on several targets that do not depend on each other
 * @targets: of each step, in the order in which they are to be done; equal ones make a lane
 * @step: does step @i; what it leaves in @arena lasts until lanes_run() is over
 *
 * A driver sleeps while it lets a device go (vfio-pci 40 ms in the kernel), so many devices are
 * let go by many at once. Within a lane everything keeps its order.
 */
struct via_lanes {
	const char *const *targets;
	size_t count;
	int (*step)(void *context, struct via_arena *arena, size_t i, struct via_error *error);
	void *context;
};

/**
 * lanes_run - do all steps, lanes side by side
 *
 * After a failure no further step is begun; those under way come to their end.
 *
 * Return: 0; the failure, and what is said of it in @error: -ETIMEDOUT before any other, since
 *         what hangs may yet come true; else the first
 */
int lanes_run(const struct via_lanes *lanes, struct via_error *error);
