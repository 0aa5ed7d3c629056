/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/root.h"

/*
 * One directory of a root of which several files are read: it is opened once, and each file
 * is one component beneath it. That spares the walk of a long path, its confinement and its
 * spelling for every file.
 *
 * A file's name has no slash (on the live host it may have), and a link in its place is not
 * followed by the handle but by the root: a captured tree is as confined as ever. Where there
 * is no directory to open (a tree in memory, a recording), the root answers by path.
 *
 * The @path of a fact is the bare name, and spelled out only in one that could not be told:
 * place_spell() does so where a fact is to be cited.
 */
struct via_place {
	const struct via_root *root;
	const char *path; /* relative to the root, without a slash at the end */
	int fd;		  /* -1: by path */
};

/**
 * place_enter - a handle on a directory
 * @at: an open directory that @path lies in, to start from; -1 for none
 * @name: @path as seen from @at
 * @path: must outlive the handle
 */
struct via_place place_enter(const struct via_root *root, int at, const char *name,
			     const char *path);
void place_leave(struct via_place *place);

/* place_open_directory - a descriptor for place_enter() to start from, or -1 */
int place_open_directory(const struct via_root *root, const char *path);

/* place_is_quick - whether descriptors serve this root at all */
bool place_is_quick(const struct via_root *root);

enum { PLACE_PAGE_BYTES = 4097 }; /* a page of text and its end */

/* As root_text(), root_number() …; @name must outlive the fact. */
struct via_fact place_text(const struct via_place *place, struct via_arena *arena,
			   const char *name);
/* place_text_in - likewise; the text is in @page, unless the root had to read it */
struct via_fact place_text_in(const struct via_place *place, struct via_arena *arena,
			      const char *name, char page[PLACE_PAGE_BYTES]);
struct via_fact place_number(const struct via_place *place, struct via_arena *arena,
			     const char *name);
struct via_fact place_hex(const struct via_place *place, struct via_arena *arena, const char *name);
struct via_fact place_link(const struct via_place *place, struct via_arena *arena,
			   const char *name);
struct via_fact place_exists(const struct via_place *place, struct via_arena *arena,
			     const char *name);

/* place_open - a descriptor on a regular file; -EOPNOTSUPP where the root has none to give */
int place_open(const struct via_place *place, const char *name);

/* place_spell - the fact with its whole path */
struct via_fact place_spell(const struct via_place *place, struct via_arena *arena,
			    struct via_fact fact);
