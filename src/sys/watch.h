/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

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

/* Of a write that was not begun, since another failed before its turn. */
enum { WATCH_NOT_BEGUN = 1 };

/**
 * struct via_writing - bytes that go out in one write(2)
 * @r: 0; -EIO less was written; -ETIMEDOUT it hangs; else the kernel's negative errno (-ETIME for
 *     its -ETIMEDOUT); WATCH_NOT_BEGUN
 */
struct via_writing {
	int fd;
	const char *data;
	size_t size;
	int r;
};

/**
 * watch_writes - do writes that do not depend on each other, each @r as it came out
 *
 * As watch_call(), and cheaper: a child that shares this process' memory does one after another.
 * Where one sleeps (vfio-pci lets go of a function in 40 ms), the others do not wait for it: more
 * children come. After a failure no further write is begun; those under way come to their end.
 * Before an attribute's write can hang, the kernel has copied @data.
 *
 * @limit_ms: of each write; one that hangs may be noticed an eighth of it later
 *
 * Return: 0 all were done; -ETIMEDOUT before any other failure; else the failure of the first
 */
int watch_writes(struct via_writing *writings, size_t count, unsigned int limit_ms);
