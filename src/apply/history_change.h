/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"

/**
 * struct via_history_change - what became of one file in a transaction
 * @path: absolute
 * @made_by: the command of the host that made it; NULL: viaduct wrote it itself
 * @what: "new", "changed" or "removed"
 * @added, @removed: words that came in and went out, one blank between two; NULL where they cannot
 *                   be told: of no text, or of a transaction whose kept contents are gone
 * @diff: the whole difference; NULL likewise
 */
struct via_history_change {
	const char *path, *made_by, *what;
	const char *added, *removed, *diff;
	bool undone;
};

struct via_history_changes {
	struct via_history_change *items;
	size_t count, capacity;
};

/* history_changes - the files of a transaction, in the order in which they were changed */
struct via_history_changes history_changes(const struct via_root *root,
					   const struct via_transaction *transaction,
					   struct via_arena *arena);
