/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON in a snapshot: the first byte says which, the rest is its text. */
#include "fuzz.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "snapshot/snapshot.h"
#include "sys/module_index.h"
#include "sys/query.h"

static void queries(struct via_arena *arena, const struct via_root *root)
{
	struct via_queries answers;
	struct via_kvm_answer kvm;
	struct via_cpuid registers;

	if (queries_recorded(&answers, root, arena, NULL) < 0)
		return;
	query_kvm(&answers, &kvm);
	query_cpuid(&answers, 1, 0, &registers);
	query_effective_uid(&answers);
}

static void claims(struct via_arena *arena, const struct via_root *root)
{
	struct via_module_index *index = NULL;
	struct via_names names;

	if (module_index_open(&index, root, "6.12") == 0)
		module_index_claims(index, arena, "pci:v00008086", &names);
	module_index_close(index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = memtree_new(arena);
	struct via_root root = root_of_memtree(tree, "fuzz");
	struct via_span text = size ? (struct via_span){ data + 1, size - 1 }
				    : (struct via_span){ (const uint8_t *)"", 0 };

	memtree_add_file(tree, "proc/cmdline", "quiet", 5);
	memtree_add_link(tree, "etc/link", "../proc");
	if (size && data[0] == 'm')
		manifest_apply(tree, text);
	else if (memtree_add_file(tree, QUERIES_PATH, text.data, text.size) &&
		 memtree_add_file(tree, MODULE_CLAIMS_PATH, text.data, text.size)) {
		queries(arena, &root);
		claims(arena, &root);
	}
	return 0;
}
