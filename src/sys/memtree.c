/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/memtree.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_SLOTS = 1024, LINKS_MAX = 40 };

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

static struct via_memtree_node *insert(struct via_memtree *tree, const char *path,
				       enum via_memtree_kind kind)
{
	struct via_memtree_node *node = arena_new_object(tree->arena, struct via_memtree_node);

	if (tree->nodes.count * 2 >= tree->slot_count)
		grow(tree);
	*node = (struct via_memtree_node){ .path = arena_strdup(tree->arena, path),
					   .hash = hash(path),
					   .kind = kind };
	*slot_of(tree, path) = node;
	*via_list_add(tree->arena, &tree->nodes) = node;
	return node;
}

struct via_memtree *memtree_new(struct via_arena *arena)
{
	struct via_memtree *tree = arena_new_object(arena, struct via_memtree);

	*tree = (struct via_memtree){
		.arena = arena,
		.slots = arena_alloc(arena, FIRST_SLOTS * sizeof(*tree->slots)),
		.slot_count = FIRST_SLOTS,
	};
	insert(tree, "", VIA_MEMTREE_DIRECTORY);
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
	char above[PATH_MAX] = "";
	struct via_memtree_node *node;

	if (slash && (size_t)(slash - path) >= sizeof(above))
		return NULL;
	if (slash)
		memcpy(above, path, (size_t)(slash - path));
	node = memtree_find(tree, above);
	if (!node)
		return memtree_add(tree, above, VIA_MEMTREE_DIRECTORY);
	return node->kind == VIA_MEMTREE_DIRECTORY ? node : NULL;
}

struct via_memtree_node *memtree_add(struct via_memtree *tree, const char *path,
				     enum via_memtree_kind kind)
{
	struct via_memtree_node *parent = parent_of(tree, path), *node;
	const char *slash = strrchr(path, '/');

	if (!parent)
		return NULL;
	node = insert(tree, path, kind);
	if (kind != VIA_MEMTREE_MISSING)
		*via_list_add(tree->arena, &parent->children) =
			node->path + (slash ? slash + 1 - path : 0);
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

/* A walk: where it stands, and what is still to go. */
struct walk {
	char at[PATH_MAX], rest[PATH_MAX];
	unsigned int links;
};

static void step_up(struct walk *walk)
{
	char *slash = strrchr(walk->at, '/');

	*(slash ? slash : walk->at) = '\0';
}

static bool next_name(struct walk *walk, char name[NAME_MAX + 1], int *ret_error)
{
	size_t skip = strspn(walk->rest, "/"), length = strcspn(walk->rest + skip, "/");

	*ret_error = length > NAME_MAX ? -ENAMETOOLONG : 0;
	if (!length || *ret_error)
		return false;
	memcpy(name, walk->rest + skip, length);
	name[length] = '\0';
	skip += length;
	skip += strspn(walk->rest + skip, "/");
	memmove(walk->rest, walk->rest + skip, strlen(walk->rest + skip) + 1);
	return true;
}

static int step_down(struct walk *walk, const char *name)
{
	size_t length = strlen(walk->at), more = strlen(name);

	if (length + more + 2 > sizeof(walk->at))
		return -ENAMETOOLONG;
	if (length)
		walk->at[length++] = '/';
	memcpy(walk->at + length, name, more + 1);
	return 0;
}

static int follow_link(struct walk *walk, const char *target)
{
	char rest[PATH_MAX];
	int n;

	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	n = snprintf(rest, sizeof(rest), "%s/%s", target, walk->rest);
	if (n < 0 || (size_t)n >= sizeof(rest))
		return -ENAMETOOLONG;
	memcpy(walk->rest, rest, (size_t)n + 1);
	if (*target == '/')
		*walk->at = '\0';
	else
		step_up(walk);
	return 0;
}

/* A directory that was listed tells what it lacks; else nobody looked. */
static int not_there(const struct via_memtree *tree, struct walk *walk, const char *name)
{
	const struct via_memtree_node *parent;

	step_up(walk);
	parent = memtree_find(tree, walk->at);
	if (!tree->recorded || (parent && parent->filled && !names_have(&parent->names, name)))
		return -ENOENT;
	return -ENODATA;
}

/* One component further: 1 to go on, 0 with the node at the end, or a negative errno. */
static int take_step(const struct via_memtree *tree, struct walk *walk, const char *name,
		     bool follow, void (*discover)(void *context, const char *path), void *context,
		     struct via_memtree_node **node)
{
	bool last = !*walk->rest;
	int r = step_down(walk, name);

	if (r < 0)
		return r;
	*node = memtree_find(tree, walk->at);
	if (!*node && discover) {
		discover(context, walk->at);
		*node = memtree_find(tree, walk->at);
	}
	if (!*node)
		return not_there(tree, walk, name);
	if ((*node)->kind == VIA_MEMTREE_MISSING)
		return -(*node)->error;
	if ((*node)->kind == VIA_MEMTREE_LINK && (!last || follow)) {
		r = follow_link(walk, (*node)->target);
		return r < 0 ? r : 1;
	}
	if (!last && (*node)->kind != VIA_MEMTREE_DIRECTORY)
		return -ENOTDIR;
	return 1;
}

int memtree_walk(const struct via_memtree *tree, const char *path, bool follow,
		 void (*discover)(void *context, const char *path), void *context,
		 struct via_memtree_node **ret)
{
	struct walk walk = { .at = "" };
	struct via_memtree_node *node = NULL;
	char name[NAME_MAX + 1];
	int r = 0;

	if (strlen(path) >= sizeof(walk.rest))
		return -ENAMETOOLONG;
	strcpy(walk.rest, path);
	while (next_name(&walk, name, &r)) {
		if (strcmp(name, ".") == 0)
			continue;
		if (strcmp(name, "..") == 0) {
			step_up(&walk);
			continue;
		}
		r = take_step(tree, &walk, name, follow, discover, context, &node);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	if (!node || strcmp(node->path, walk.at) != 0)
		node = memtree_find(tree, walk.at);
	*ret = node;
	return node ? 0 : -ENODATA;
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
