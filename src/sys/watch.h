/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/hang.h"

/**
 * watch_call - do what may hang in a child, and wait for it no longer than a limit
 * @act: runs in the child; returns 0 or a negative errno. What it stores is lost with it
 *
 * A child that overstays is sent SIGKILL and left behind: one that sleeps without
 * interruption ends only when the kernel lets it. Until then it shares the locks (flock)
 * of this process, so that nobody else starts on what it may still be changing.
 *
 * Return: what @act returned (-ETIME for its -ETIMEDOUT); -ETIMEDOUT when it hangs;
 *         -EIO when the child died; fork's negative errno
 */
int watch_call(int (*act)(void *argument), void *argument, unsigned int limit_ms);

/* watch_hang - where in the kernel the last call of this process that hung was found sleeping,
 * before it was sent SIGKILL; NULL where none ever hung */
const struct via_hang *watch_hang(void);
