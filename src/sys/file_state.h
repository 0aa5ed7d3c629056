/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/file.h"
#include "base/sha256.h"
#include "sys/root.h"

/*
 * Files of a host's configuration: where one really is, what it holds, whether it could be
 * replaced. Paths are relative to the root, links in them are followed inside it.
 *
 * File systems without owners and modes (an EFI partition) show every file as 0644 of root,
 * whatever they are mounted with.
 */

/* What tells one state of a file from another. */
struct via_file_state {
	bool there;
	unsigned int mode, uid, gid;
	uint64_t size;
	char sha256[SHA256_HEX + 1];
};

/* A file's own directory and name, behind all links. */
struct via_file_place {
	int directory; /* -1: not open */
	char name[NAME_MAX + 1];
	char path[PATH_MAX];
};

#define VIA_FILE_NOWHERE        \
	{                       \
		.directory = -1 \
	}

void cleanup_file_place(struct via_file_place *place);
#define _cleanup_file_place_ _cleanup_(cleanup_file_place)

/**
 * file_locate - where a file is, or would be made
 *
 * A link that leads nowhere yet leads to where its target would be.
 *
 * Return: 0; -ENOENT when the directory is not there; -ELOOP; other negative errno
 */
int file_locate(const struct via_root *root, const char *path, struct via_file_place *ret);

/**
 * file_state - what is there now; reads all of it
 * Return: 0, also when there is no file; -EISDIR, -EINVAL (no regular file); other errno
 */
int file_state(const struct via_root *root, const char *path, struct via_file_state *ret);

/* file_keeps_owners - whether the file system a file is, or would be, on has owners and modes */
bool file_keeps_owners(const struct via_root *root, const char *path);

/* file_state_of - likewise of an open file */
int file_state_of(int fd, struct via_file_state *ret);

/**
 * file_obstacle - what would keep a file from being replaced, or made, or removed
 * @ret: words ("it is immutable (chattr -i)"); NULL: nothing is known to
 *
 * Return: 0; negative errno when that could not be told
 */
int file_obstacle(const struct via_root *root, const char *path, struct via_arena *arena,
		  const char **ret);

/**
 * file_note - what a file has beside its value, in words: time stamp and extended attributes
 * Return: the text in @arena, "" where there is no file; NULL when it could not be read
 */
const char *file_note(const struct via_root *root, const char *path, struct via_arena *arena);

/* file_open_above - the deepest directory above a file that is there, or a negative errno */
int file_open_above(const struct via_root *root, const char *path);

/* file_missing_parents - directories that would have to be made, "a/b a/b/c"; "" for none */
const char *file_missing_parents(const struct via_root *root, const char *path,
				 struct via_arena *arena);

/**
 * root_file - a file as a plan needs it
 * @limit: bytes; what is longer is unknown (EFBIG)
 *
 * Return: present or absent, and @ret is filled in; or unknown
 */
struct via_fact root_file(const struct via_root *root, struct via_arena *arena, size_t limit,
			  const char *path, struct via_file *ret);
