/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"
#include "apply/step.h"
#include "base/error.h"
#include "sys/world.h"

/**
 * trial_look - the transaction that is on trial, or whose trial was interrupted
 * @ret: in @arena
 * Return: 0; -ENOENT there is none; other negative errno, in @error
 */
int trial_look(const struct via_root *root, struct via_arena *arena, struct via_transaction *ret,
	       struct via_error *error);

/* trial_is_booted - whether the running kernel was started by the entry on trial */
bool trial_is_booted(const struct via_root *root, const struct via_trial *trial);

/**
 * apply_confirm - keep what is on trial
 * @untried: also before it was booted
 *
 * What is there for the trial alone is undone; the rest is a transaction like any other from
 * then on.
 *
 * Effect: files; lines in the journal
 * Return: 0; -ENOENT nothing is on trial; -EAGAIN this boot does not try it; as undo_trial()
 */
int apply_confirm(const struct via_world *world, bool untried,
		  const struct via_apply_options *options, struct via_error *error);
