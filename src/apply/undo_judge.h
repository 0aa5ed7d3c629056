/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"
#include "apply/step.h"
#include "base/error.h"
#include "sys/world.h"

/* A transaction that is being undone. @trial_only: what is there for its trial alone */
struct undo {
	const struct via_world *world;
	const struct via_transaction *transaction;
	bool this_boot, trial_only;
	struct via_journal *journal;
	const struct via_apply_options *options;
	struct via_arena *arena;
	struct via_error *error;
};

/* What is to be done about one action. */
enum undo_verdict {
	UNDO_PUT_BACK,	   /* it is as we made it, or half-way there */
	UNDO_OLD_IS_THERE, /* nothing */
	UNDO_TARGET_GONE,  /* nothing: its settings went along */
	UNDO_DIED,	   /* nothing: with the boot it was made in */
	UNDO_MERGE,	   /* of an edited text, our words are taken out */
	UNDO_MERGED,	   /* nothing: that was done, and not yet noted */
	UNDO_LEFT,	   /* nothing: others do with it what they want since */
	UNDO_NOT_OURS,	   /* nothing is touched: somebody else changed it */
};

/**
 * undo_judge - look at what is there now
 * @ret_present: the value, where it was read
 * Return: 0; negative errno when it could not be told
 */
int undo_judge(const struct undo *undo, const struct via_entry *entry, enum undo_verdict *ret,
	       const char **ret_present);
