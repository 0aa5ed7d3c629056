/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <jansson.h>
#include <string.h>

#include "base/cleanup.h"
#include "snapshot/snapshot.h"
#include "sys/memtree.h"

static bool is_utf8(const char *text, size_t length)
{
	json_t *string = json_stringn(text, length);

	json_decref(string);
	return string;
}

/* A path or a link's target, name by name; the same pointer where all are well. */
static const char *spell(struct via_arena *arena, const char *path)
{
	char *copy;

	if (!path || is_utf8(path, strlen(path)))
		return path;
	copy = arena_strdup(arena, path);
	for (char *name = copy; *name;) {
		size_t length = strcspn(name, "/");
		bool bad = !is_utf8(name, length);

		for (size_t i = 0; bad && i < length; i++)
			name[i] = (unsigned char)name[i] >= 0x80 ? '?' : name[i];
		name += length + strspn(name + length, "/");
	}
	return copy;
}

static struct via_names spell_names(struct via_arena *arena, const struct via_names *names)
{
	struct via_names spelt = { 0 };

	via_for_each (name, names)
		*via_list_add(arena, &spelt) = spell(arena, *name);
	return spelt;
}

static bool is_well(const struct via_memtree_node *node)
{
	via_for_each (name, &node->names)
		if (!is_utf8(*name, strlen(*name)))
			return false;
	return is_utf8(node->path, strlen(node->path)) &&
	       (!node->target || is_utf8(node->target, strlen(node->target)));
}

static void copy_node(struct via_memtree *tree, const struct via_memtree_node *node)
{
	const char *path = spell(tree->arena, node->path);
	struct via_memtree_node *copy = memtree_find(tree, path);

	/* One that is there was made for what is below it, or was another's of that spelling. */
	if (copy && (copy->kind != VIA_MEMTREE_DIRECTORY || copy->filled))
		return;
	copy = copy ?: memtree_add(tree, path, node->kind);
	if (!copy)
		return;
	copy->error = node->error;
	copy->filled = node->filled;
	copy->data = node->data;
	copy->target = spell(tree->arena, node->target);
	copy->names = spell_names(tree->arena, &node->names);
}

const struct via_memtree *snapshot_spell(const struct via_memtree *tree, struct via_arena *arena)
{
	struct via_memtree *copy;
	bool well = true;

	via_for_each (node, &tree->nodes)
		well = well && is_well(*node);
	if (well)
		return tree;
	copy = memtree_new(arena);
	copy->recorded = tree->recorded;
	copy->live = tree->live;
	via_for_each (node, &tree->nodes)
		copy_node(copy, *node);
	return copy;
}
