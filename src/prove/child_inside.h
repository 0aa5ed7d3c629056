/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sys/types.h>

#include "prove/child.h"

/**
 * child_become - be the child that climbs: right after fork(), for the rest of its life
 * @keep_fd: a descriptor to keep open, -1 for none; all others but @pipe_fd are closed
 * @parent: dies with it, also where it has died already
 */
_Noreturn void child_become(const struct via_road *road, void *context, int keep_fd, int pipe_fd,
			    pid_t parent);
