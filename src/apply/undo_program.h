/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"
#include "base/error.h"
#include "sys/world.h"

/**
 * undo_must_run_again - whether putting back the files that a program made is not enough
 * @n: its action's number
 *
 * It is where one of them was made anew since (it is not touched then), or where a kernel was
 * installed that the program did not know.
 *
 * Return: 1; 0: all are as they were; negative errno when it could not be told
 */
int undo_must_run_again(const struct via_world *world, const struct via_transaction *transaction,
			size_t n, struct via_arena *arena);

/* undo_run_again - run it, its sources being as before. Return: 0; negative errno, in @error */
int undo_run_again(const struct via_world *world, const struct via_action *action,
		   struct via_arena *arena, struct via_error *error);
