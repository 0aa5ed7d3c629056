/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/cleanup.h"
#include "base/error.h"
#include "sys/root.h"

/**
 * lock_take - be the only viaduct that changes this host
 * @ret: a descriptor; closing it gives the lock back
 *
 * The lock is an flock on run/viaduct.lock, which also holds our process id. A child that
 * hangs in a change keeps it, even when its parent is gone.
 *
 * Return: 0; -EBUSY when another holds it, with its process id in @error; other errno
 */
int lock_take(const struct via_root *root, int *ret, struct via_error *error);
