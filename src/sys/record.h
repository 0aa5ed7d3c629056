/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "base/names.h"
#include "base/span.h"
#include "sys/root.h"
#include "sys/memtree.h"

/*
 * Notes, in a tree, what is read through a root: content, link targets, listings, and the
 * errno of what could not be read. Hang it on root.recorder, probe, and the tree holds what
 * the same probe needs to come to the same model (sys/root_*.c report to it).
 *
 * What a process has open is noted only where it is a device that can be given away: the
 * rest is nobody's business.
 */
struct via_recorder {
	struct via_memtree *tree;
	struct via_root root;	     /* the same, unrecorded: to look at what is on the way */
	json_t *claims;		     /* what libkmod answered, by modalias; see module_index.h */
	json_t *nodes;		     /* what device nodes were seen, by path; see root_node.h */
	const struct via_seen *seen; /* of what is being noted, until it was used */
};

/**
 * struct via_seen - what a call told of the last name of a path, so it is not asked again
 * @r: 0 or a negative errno
 * @target: of a link; else @r 0 is a regular file
 */
struct via_seen {
	int r;
	const char *target;
};

/* recorder_begin - a recorder on @root, which must outlive it; the tree is in @arena */
void recorder_begin(struct via_recorder *recorder, struct via_root *root, struct via_arena *arena);

/* recorder_end - take it off the root; the tree stays, and now holds the claims as well */
void recorder_end(struct via_recorder *recorder, struct via_root *root);

/*
 * What came of a read: @r is its negative errno or 0. For root_*.c and module_index.c.
 * @unfollowed: the last name would not have been followed, had it been a link
 */
void record_read(struct via_recorder *recorder, const char *path, int r, bool unfollowed,
		 const void *data, size_t size);
void record_names(struct via_recorder *recorder, const char *path, int r,
		  const struct via_names *names);
/* record_link / record_path - likewise of reading a link, and of looking whether something is
 * there */
void record_link(struct via_recorder *recorder, const char *path, int r, const char *target);
void record_path(struct via_recorder *recorder, const char *path, int r);
void record_claims(struct via_recorder *recorder, const char *modalias, int r,
		   const struct via_names *names);
void record_no_claims(struct via_recorder *recorder, int r);
void record_node(struct via_recorder *recorder, const char *path, json_t *node);
