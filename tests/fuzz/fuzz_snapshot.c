/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An archive into memory. What was taken in can be walked, and does not lead out. */
#include "fuzz.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "snapshot/snapshot.h"

static void walk(const struct via_memtree *tree)
{
	via_for_each (node, &tree->nodes) {
		struct via_memtree_node *found;
		struct via_names names;
		struct via_span span;
		const char *target;

		if (*(*node)->path && !memtree_path_is_normal((*node)->path))
			abort();
		memtree_walk(tree, (*node)->path, true, NULL, NULL, &found);
		memtree_read(tree, (*node)->path, &span);
		memtree_names(tree, (*node)->path, &names);
		memtree_link(tree, (*node)->path, &target);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_error error = { 0 };
	struct via_memtree *tree;
	int r = snapshot_read(arena, (struct via_span){ data, size }, "fuzz", &tree, &error);

	if (r == 0)
		walk(tree);
	else if (!*error.what || !*error.why)
		abort();
	return 0;
}
