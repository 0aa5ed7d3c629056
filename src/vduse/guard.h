/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/**
 * struct via_guard - a process that outlives this one, to clean up when it is killed
 * @ended: shared with it: this one came to its end by itself
 */
struct via_guard {
	bool *ended;
};

/**
 * guard_begin - start it
 * @act: what it does when this process is gone without guard_end()
 *
 * It has a session of its own, so that what a terminal does to this process spares it.
 * Needs:  pidfd_open (Linux 5.3)
 * Return: 0; negative errno
 */
int guard_begin(struct via_guard *guard, void (*act)(void *context), void *context);

/* guard_end - there is nothing to clean up any more */
void guard_end(const struct via_guard *guard);
