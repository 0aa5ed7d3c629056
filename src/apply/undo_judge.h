/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"
#include "sys/world.h"

/* What is to be done about one action that is being undone. */
enum undo_verdict {
	UNDO_PUT_BACK,	   /* it is as we made it, or half-way there */
	UNDO_OLD_IS_THERE, /* nothing */
	UNDO_TARGET_GONE,  /* nothing: its settings went along */
	UNDO_DIED,	   /* nothing: with the boot it was made in */
	UNDO_MERGE,	   /* of an edited text, our words are taken out */
	UNDO_MERGED,	   /* nothing: that was done, and not yet noted */
	UNDO_LEFT,	   /* a program made it anew since: it is left as it is */
	UNDO_NOT_OURS,	   /* nothing is touched: somebody else changed it */
};

/**
 * struct via_undo_case - one entry of a transaction, on the host as it is
 * @this_boot: it was made in this boot
 */
struct via_undo_case {
	const struct via_world *world;
	const struct via_transaction *transaction;
	const struct via_entry *entry;
	bool this_boot;
	struct via_arena *arena;
};

/**
 * undo_judge - look at the target, and say what undoing comes to
 * @ret_present: the value now, where it was read
 *
 * Return: 0; negative errno when it could not be told
 */
int undo_judge(const struct via_undo_case *at, enum undo_verdict *ret, const char **ret_present);
