/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/names.h"

/**
 * struct via_launch - how a guest's command is run
 * @memlock_bytes: memory it must be able to lock; 0: no matter
 * @limit_s: end it after that long; 0: never
 * @dies_with_us: killed when we end, whatever the reason; else it is asked to end (SIGTERM)
 * @output: descriptor for its standard output and error; 0: ours
 */
struct via_launch {
	uint64_t memlock_bytes;
	unsigned int limit_s;
	bool dies_with_us;
	int output;
};

/**
 * launch_find - the file that a command's name stands for in PATH
 * @ret: a buffer of @size
 *
 * Return: 0; -ENOENT when it is nowhere; -ENAMETOOLONG
 */
int launch_find(const char *name, char *ret, size_t size);

/**
 * launch_run - run a command and wait for its end
 * @words: with a NULL behind the last one, as qemu_argv() leaves it
 * @ret_status: its exit status, 128 and the number when a signal ended it
 *
 * It ends with us. At the limit it gets SIGTERM and, 5 s later, SIGKILL.
 *
 * Needs:  where memory has to be locked: CAP_IPC_LOCK or a limit that allows it
 * Effect: starts a program
 * Return: 0 when it ran to its end; -ENOENT not found; -ENOMEM the limit on locked memory is
 *         too low; -ETIMEDOUT ended at the limit; other negative errno of execve() or fork()
 */
int launch_run(const struct via_names *words, const struct via_launch *launch, int *ret_status,
	       struct via_error *error);
