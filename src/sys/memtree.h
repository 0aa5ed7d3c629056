/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/span.h"

/*
 * Files in memory: what a snapshot holds, what an lspci dump amounts to, what a capture has
 * read so far. It answers as a file system would, links followed, and never leads out: a
 * ".." at the top stays there, an absolute link starts at the tree's own top.
 */
enum via_memtree_kind {
	VIA_MEMTREE_DIRECTORY,
	VIA_MEMTREE_FILE,
	VIA_MEMTREE_LINK,
	VIA_MEMTREE_SPECIAL, /* device node, socket, FIFO: there, and nothing to read */
	VIA_MEMTREE_MISSING, /* looked for; @error says what came back */
};

/**
 * struct via_memtree_node - one path
 * @path: from the top, without a leading slash; "" is the top
 * @error: positive errno of opening it (MISSING), reading it (FILE) or listing it (DIRECTORY)
 * @filled: FILE: @data was read; DIRECTORY: @names is all that was in it
 * @children: names of the nodes below
 */
struct via_memtree_node {
	const char *path;
	size_t hash; /* of @path */
	enum via_memtree_kind kind;
	int error;
	bool filled;
	struct via_span data;
	const char *target;
	struct via_names names, children;
};

/**
 * struct via_memtree - nodes by path
 * @recorded: it knows what was looked for: what was not is ENODATA. Else it is a captured
 *            tree like one on disk: what it lacks is ENOENT
 * @live: taken from a running host, where ENOENT means absent, whatever is above
 */
struct via_memtree {
	struct via_arena *arena;
	unsigned long number; /* that no other tree of this process has */
	bool recorded, live;
	via_list(struct via_memtree_node *) nodes; /* in the order of coming; [0] is the top */
	struct via_memtree_node **slots;	   /* hash of nodes, a power of two */
	size_t slot_count;
};

struct via_memtree *memtree_new(struct via_arena *arena);

/* memtree_find - the node of exactly that path, no links followed; NULL when there is none */
struct via_memtree_node *memtree_find(const struct via_memtree *tree, const char *path);

/**
 * memtree_add - a node for a path that has none; what is above becomes directories
 * @path: normal: no leading or doubled slash, no "." and no ".."
 *
 * Return: the node; NULL when something above it is there and no directory
 */
struct via_memtree_node *memtree_add(struct via_memtree *tree, const char *path,
				     enum via_memtree_kind kind);

/* memtree_move - give @tree a node of another one, which then is not to be used any more */
struct via_memtree_node *memtree_move(struct via_memtree *tree, struct via_memtree_node *node);

/* memtree_add_file / memtree_add_link - likewise, filled; copies what it is given */
struct via_memtree_node *memtree_add_file(struct via_memtree *tree, const char *path,
					  const void *data, size_t size);
struct via_memtree_node *memtree_add_link(struct via_memtree *tree, const char *path,
					  const char *target);

/**
 * memtree_walk - find the node a path leads to
 * @follow: also a link at the very end
 * @discover: called for each path on the way that has no node yet, and may add one, which it
 *            returns; @last: nothing is behind it; NULL for a tree that is what it is
 *
 * Return: 0; -ENOENT, -ENODATA (see struct via_memtree), -ENOTDIR, -ELOOP, -ENAMETOOLONG
 */
int memtree_walk(const struct via_memtree *tree, const char *path, bool follow,
		 struct via_memtree_node *(*discover)(void *context, const char *path, bool last),
		 void *context, struct via_memtree_node **ret);

/* What root_*.c read; each returns 0 or a negative errno. */
int memtree_read(const struct via_memtree *tree, const char *path, struct via_span *ret);
int memtree_link(const struct via_memtree *tree, const char *path, const char **ret);
int memtree_names(const struct via_memtree *tree, const char *path, struct via_names *ret);
int memtree_exists(const struct via_memtree *tree, const char *path);

/* memtree_path_is_normal - as memtree_add() wants it; what an archive names must be so */
bool memtree_path_is_normal(const char *path);
