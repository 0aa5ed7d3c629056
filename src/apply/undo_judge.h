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
	UNDO_PUT_BACK,
	UNDO_OLD_IS_THERE,
	UNDO_TARGET_GONE,
	UNDO_DIED,  /* with the boot it was made in */
	UNDO_MERGE, /* our words go, its owner's stay */
	UNDO_LEFT,
	UNDO_NOT_OURS,
};

/**
 * undo_judge - look at what is there now
 * @ret_present: the value, where it was read
 * Return: 0; negative errno when it could not be told
 */
int undo_judge(const struct undo *undo, const struct via_entry *entry, enum undo_verdict *ret,
	       const char **ret_present);
