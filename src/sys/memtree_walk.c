/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/memtree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINKS_MAX = 40 };

/* A walk: where it stands, and what is still to go. */
struct walk {
	const struct via_memtree *tree;
	struct via_memtree_node *(*discover)(void *context, const char *path, bool last);
	void *context;
	unsigned int links;
	bool above; /* more is to come behind @rest */
	char at[PATH_MAX], rest[PATH_MAX];
	const char *todo; /* in @rest */
};

/* What is asked of one directory after another is asked of it again and again. */
struct kept {
	unsigned long tree;
	unsigned int links;
	size_t size;
	char asked[PATH_MAX], at[PATH_MAX];
};
static _Thread_local struct kept kept;

static void step_up(struct walk *walk)
{
	char *slash = strrchr(walk->at, '/');

	*(slash ? slash : walk->at) = '\0';
}

static bool next_name(struct walk *walk, char name[NAME_MAX + 1], int *ret_error)
{
	const char *first = walk->todo + strspn(walk->todo, "/");
	size_t length = strcspn(first, "/");

	*ret_error = length > NAME_MAX ? -ENAMETOOLONG : 0;
	if (!length || *ret_error)
		return false;
	memcpy(name, first, length);
	name[length] = '\0';
	walk->todo = first + length + strspn(first + length, "/");
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
	n = snprintf(rest, sizeof(rest), "%s/%s", target, walk->todo);
	if (n < 0 || (size_t)n >= sizeof(rest))
		return -ENAMETOOLONG;
	memcpy(walk->rest, rest, (size_t)n + 1);
	walk->todo = walk->rest;
	if (*target == '/')
		*walk->at = '\0';
	else
		step_up(walk);
	return 0;
}

/* A directory that was listed tells what it lacks; else nobody looked. */
static int not_there(struct walk *walk, const char *name)
{
	const struct via_memtree *tree = walk->tree;
	const struct via_memtree_node *parent;

	step_up(walk);
	parent = memtree_find(tree, walk->at);
	if (!tree->recorded || (parent && parent->filled && !names_have(&parent->names, name)))
		return -ENOENT;
	return -ENODATA;
}

/* One component further: 1 to go on, 0 with the node at the end, or a negative errno. */
static int take_step(struct walk *walk, const char *name, bool follow,
		     struct via_memtree_node **node)
{
	bool last = !*walk->todo;
	int r = step_down(walk, name);

	if (r < 0)
		return r;
	*node = memtree_find(walk->tree, walk->at);
	if (!*node && walk->discover)
		*node = walk->discover(walk->context, walk->at, last && !walk->above);
	if (!*node)
		return not_there(walk, name);
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

static int take_steps(struct walk *walk, bool follow, struct via_memtree_node **ret)
{
	struct via_memtree_node *node = NULL;
	char name[NAME_MAX + 1];
	int r = 0;

	while (next_name(walk, name, &r)) {
		if (strcmp(name, ".") == 0)
			continue;
		if (strcmp(name, "..") == 0) {
			step_up(walk);
			continue;
		}
		r = take_step(walk, name, follow, &node);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	if (!node || strcmp(node->path, walk->at) != 0)
		node = memtree_find(walk->tree, walk->at);
	*ret = node;
	return node ? 0 : -ENODATA;
}

/* The bytes of @path above its last name; 0 where that is no plain one. */
static size_t directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash || !slash[1] || strcmp(slash, "/.") == 0 || strcmp(slash, "/..") == 0)
		return 0;
	return (size_t)(slash - path);
}

/* To the directory that has the first @size bytes of @path. */
static int enter(struct walk *walk, const char *path, size_t size)
{
	struct via_memtree_node *node;
	int r;

	if (kept.tree == walk->tree->number && kept.size == size &&
	    memcmp(kept.asked, path, size) == 0) {
		strcpy(walk->at, kept.at);
		walk->links = kept.links;
		return 0;
	}
	memcpy(walk->rest, path, size);
	walk->rest[size] = '\0';
	walk->todo = walk->rest;
	r = take_steps(walk, true, &node);
	if (r == 0 && node->kind != VIA_MEMTREE_DIRECTORY)
		r = -ENOTDIR;
	if (r < 0)
		return r;
	kept.tree = walk->tree->number;
	kept.links = walk->links;
	kept.size = size;
	memcpy(kept.asked, path, size);
	strcpy(kept.at, walk->at);
	return 0;
}

int memtree_walk(const struct via_memtree *tree, const char *path, bool follow,
		 struct via_memtree_node *(*discover)(void *context, const char *path, bool last),
		 void *context, struct via_memtree_node **ret)
{
	size_t above = directory_of(path);
	struct walk walk;
	int r;

	if (strlen(path) >= sizeof(walk.rest))
		return -ENAMETOOLONG;
	walk.tree = tree;
	walk.discover = discover;
	walk.context = context;
	walk.links = 0;
	walk.above = above > 0;
	*walk.at = '\0';
	r = above ? enter(&walk, path, above) : 0;
	if (r < 0)
		return r;
	walk.above = false;
	strcpy(walk.rest, path + above);
	walk.todo = walk.rest;
	return take_steps(&walk, follow, ret);
}
