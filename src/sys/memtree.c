/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/memtree.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

enum { FIRST_SLOTS = 1024 };

static size_t hash(const char *path)
{
	uint64_t value = 0xcbf29ce484222325, word = 0;
	size_t length = strlen(path);

	for (; length >= sizeof(word); length -= sizeof(word), path += sizeof(word)) {
		memcpy(&word, path, sizeof(word));
		value = (value ^ word) * 0x9e3779b97f4a7c15;
		value ^= value >> 32;
	}
	word = 0;
	memcpy(&word, path, length);
	value = (value ^ word) * 0x9e3779b97f4a7c15;
	return (size_t)(value ^ value >> 32);
}

static struct via_memtree_node **slot_of(const struct via_memtree *tree, const char *path)
{
	size_t hashed = hash(path), at = hashed & (tree->slot_count - 1);

	while (tree->slots[at] &&
	       (tree->slots[at]->hash != hashed || strcmp(tree->slots[at]->path, path) != 0))
		at = (at + 1) & (tree->slot_count - 1);
	return &tree->slots[at];
}

static void grow(struct via_memtree *tree)
{
	tree->slot_count *= 2;
	tree->slots = arena_alloc(tree->arena, tree->slot_count * sizeof(*tree->slots));
	via_for_each (node, &tree->nodes) {
		size_t at = (*node)->hash & (tree->slot_count - 1);

		while (tree->slots[at])
			at = (at + 1) & (tree->slot_count - 1);
		tree->slots[at] = *node;
	}
}

static void insert(struct via_memtree *tree, struct via_memtree_node *node)
{
	size_t at;

	if (tree->nodes.count * 2 >= tree->slot_count)
		grow(tree);
	at = node->hash & (tree->slot_count - 1);
	while (tree->slots[at])
		at = (at + 1) & (tree->slot_count - 1);
	tree->slots[at] = node;
	*via_list_add(tree->arena, &tree->nodes) = node;
}

static struct via_memtree_node *make(struct via_memtree *tree, const char *path,
				     enum via_memtree_kind kind)
{
	struct via_memtree_node *node = arena_new_object(tree->arena, struct via_memtree_node);

	*node = (struct via_memtree_node){ .path = arena_strdup(tree->arena, path),
					   .hash = hash(path),
					   .kind = kind };
	insert(tree, node);
	return node;
}

struct via_memtree *memtree_new(struct via_arena *arena)
{
	static atomic_ulong trees = 1;
	struct via_memtree *tree = arena_new_object(arena, struct via_memtree);

	*tree = (struct via_memtree){
		.arena = arena,
		.number = atomic_fetch_add(&trees, 1),
		.slots = arena_alloc(arena, FIRST_SLOTS * sizeof(*tree->slots)),
		.slot_count = FIRST_SLOTS,
	};
	make(tree, "", VIA_MEMTREE_DIRECTORY);
	return tree;
}

struct via_memtree_node *memtree_find(const struct via_memtree *tree, const char *path)
{
	return *slot_of(tree, path);
}

/* The directory above @path, made where it is not there. */
static struct via_memtree_node *parent_of(struct via_memtree *tree, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;
	struct via_memtree_node *node;
	char above[PATH_MAX];

	if (length >= sizeof(above))
		return NULL;
	memcpy(above, path, length);
	above[length] = '\0';
	node = memtree_find(tree, above);
	if (!node)
		return memtree_add(tree, above, VIA_MEMTREE_DIRECTORY);
	return node->kind == VIA_MEMTREE_DIRECTORY ? node : NULL;
}

static void add_child(struct via_memtree *tree, struct via_memtree_node *parent,
		      const struct via_memtree_node *node)
{
	const char *slash = strrchr(node->path, '/');

	if (node->kind != VIA_MEMTREE_MISSING)
		*via_list_add(tree->arena, &parent->children) = slash ? slash + 1 : node->path;
}

struct via_memtree_node *memtree_add(struct via_memtree *tree, const char *path,
				     enum via_memtree_kind kind)
{
	struct via_memtree_node *parent = parent_of(tree, path), *node;

	if (!parent)
		return NULL;
	node = make(tree, path, kind);
	add_child(tree, parent, node);
	return node;
}

struct via_memtree_node *memtree_move(struct via_memtree *tree, struct via_memtree_node *node)
{
	struct via_memtree_node *parent = parent_of(tree, node->path);

	if (!parent)
		return NULL;
	node->children = (struct via_names){ 0 };
	insert(tree, node);
	add_child(tree, parent, node);
	return node;
}

struct via_memtree_node *memtree_add_file(struct via_memtree *tree, const char *path,
					  const void *data, size_t size)
{
	struct via_memtree_node *node = memtree_add(tree, path, VIA_MEMTREE_FILE);

	if (!node)
		return NULL;
	node->data = (struct via_span){ arena_memdup(tree->arena, data, size), size };
	node->filled = true;
	return node;
}

struct via_memtree_node *memtree_add_link(struct via_memtree *tree, const char *path,
					  const char *target)
{
	struct via_memtree_node *node = memtree_add(tree, path, VIA_MEMTREE_LINK);

	if (node)
		node->target = arena_strdup(tree->arena, target);
	return node;
}

int memtree_read(const struct via_memtree *tree, const char *path, struct via_span *ret)
{
	struct via_memtree_node *node;
	int r = memtree_walk(tree, path, true, NULL, NULL, &node);

	if (r < 0)
		return r;
	if (node->kind == VIA_MEMTREE_DIRECTORY)
		return -EISDIR;
	if (node->kind != VIA_MEMTREE_FILE)
		return -EINVAL;
	if (node->error)
		return -node->error;
	if (!node->filled)
		return -ENODATA;
	*ret = node->data;
	return 0;
}

int memtree_link(const struct via_memtree *tree, const char *path, const char **ret)
{
	struct via_memtree_node *node;
	int r = memtree_walk(tree, path, false, NULL, NULL, &node);

	if (r < 0)
		return r;
	if (node->kind != VIA_MEMTREE_LINK)
		return -EINVAL;
	*ret = node->target;
	return 0;
}

int memtree_names(const struct via_memtree *tree, const char *path, struct via_names *ret)
{
	struct via_memtree_node *node;
	int r = memtree_walk(tree, path, true, NULL, NULL, &node);

	if (r < 0)
		return r;
	if (node->kind != VIA_MEMTREE_DIRECTORY)
		return -ENOTDIR;
	if (node->error)
		return -node->error;
	if (tree->recorded && !node->filled)
		return -ENODATA;
	*ret = node->filled ? node->names : node->children;
	return 0;
}

int memtree_exists(const struct via_memtree *tree, const char *path)
{
	struct via_memtree_node *node;

	return memtree_walk(tree, path, false, NULL, NULL, &node);
}

bool memtree_path_is_normal(const char *path)
{
	if (!*path || *path == '/' || strlen(path) >= PATH_MAX)
		return false;
	for (const char *at = path;;) {
		size_t length = strcspn(at, "/");

		if (!length || length > NAME_MAX || (length == 1 && *at == '.') ||
		    (length == 2 && at[0] == '.' && at[1] == '.'))
			return false;
		if (!at[length])
			return true;
		at += length + 1;
	}
}
