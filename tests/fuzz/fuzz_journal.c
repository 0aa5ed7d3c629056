/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal of one transaction, as a crash or a stranger left it. */
#include "fuzz.h"

#include <stdlib.h>

#include "apply/journal.h"
#include "apply/journal_line.h"
#include "sys/memtree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = memtree_new(arena);
	struct via_root root = root_of_memtree(tree, "fuzz");
	struct via_transaction transaction;
	struct via_error error = { 0 };
	int r;

	memtree_add_file(tree, JOURNAL_DIRECTORY "/000001" JOURNAL_SUFFIX, data, size);
	r = journal_read(&root, arena, 1, &transaction, &error);
	if (r < 0 ? !*error.why : transaction.sound_bytes > size)
		abort();
	if (r == 0)
		transaction_unfinished(&transaction);
	return 0;
}
