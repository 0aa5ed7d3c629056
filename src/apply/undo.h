/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "apply/journal.h"
#include "apply/step.h"
#include "base/error.h"
#include "sys/world.h"

/**
 * undo_transaction - put back what a transaction changed, its last action first
 * @this_boot: it was made in this boot; else what does not persist died with another
 * @journal: open on that transaction
 *
 * A value is put back only where the present one is still the one that was set; where the
 * old one is there already, or the device is gone, there is nothing to do. Of a text that
 * its owner edited since, our words are taken out, and theirs stay. Anything else
 * is somebody else's: it is told (was, ours, now), and before anything is touched. What
 * programs make of files comes last, when those are as before.
 *
 * Effect: the old values; lines in the journal
 * Return: 0; -ESTALE somebody else changed a value since; else the negative errno of the
 *         step that failed. The transaction then stays unfinished
 */
int undo_transaction(const struct via_world *world, const struct via_transaction *transaction,
		     bool this_boot, struct via_journal *journal,
		     const struct via_apply_options *options, struct via_error *error);

/**
 * undo_trial - take away what is there for a transaction's trial alone; it is then for good
 *
 * Return: as undo_transaction(); after a failure it is still to be confirmed
 */
int undo_trial(const struct via_world *world, const struct via_transaction *transaction,
	       struct via_journal *journal, const struct via_apply_options *options,
	       struct via_error *error);

/**
 * apply_rollback - undo a committed transaction
 * @id: its number; 0: the last one that has something left to undo
 *
 * Return: as undo_transaction(); -ENOENT there is none; -EALREADY it is undone;
 *         -EBUSY it was interrupted (recover), or a later one builds on it
 */
int apply_rollback(const struct via_world *world, uint64_t id,
		   const struct via_apply_options *options, struct via_error *error);

/**
 * apply_trial_failed - likewise the transaction that is on trial, and say why in the journal
 *
 * Return: as apply_rollback(); -ENOENT nothing is on trial
 */
int apply_trial_failed(const struct via_world *world, const char *why,
		       const struct via_apply_options *options, struct via_error *error);

/**
 * apply_recover - undo every transaction that was interrupted, or whose timer (apply/timer.h)
 * ran out, the newest first; a trial whose confirmation was interrupted is confirmed
 *
 * One of an earlier boot that changed nothing persistent has nothing left to undo, and is
 * marked void.
 *
 * Return: 0, also when there was none; as undo_transaction()
 */
int apply_recover(const struct via_world *world, const struct via_apply_options *options,
		  struct via_error *error);
