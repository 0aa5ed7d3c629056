/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sys/types.h>

#include "prove/child.h"

/* The child's ends: where it reports, and what is closed with its end. -1: there is none. */
struct child_pipes {
	int report, alive;
};

/**
 * child_become - be the child that climbs: right after fork(), for the rest of its life
 * @keep_fd: a descriptor to keep open, -1 for none; all others but @pipes are closed
 * @parent: dies with it, also where it has died already
 */
_Noreturn void child_become(const struct via_road *road, void *context, int keep_fd,
			    const struct child_pipes *pipes, pid_t parent);

/**
 * child_guard - be who waits for the child's end, whatever ends it, and then restores
 * @alive_fd: a pipe that only the child holds the other end of
 */
_Noreturn void child_guard(const struct via_road *road, void *context, int keep_fd, int alive_fd);
