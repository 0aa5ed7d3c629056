/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/fact.h"
#include "base/names.h"

/*
 * The one handle through which a host's files are looked at: the live host or a captured
 * tree, by the same code. Paths are relative to the root ("sys/class/iommu"), and neither
 * a ".." nor a link leads out of it (openat2, RESOLVE_IN_ROOT).
 *
 * What is in memory (a snapshot, an lspci dump: sys/memtree.h) is read by the same calls.
 *
 * On the live root only, a kernel or sandbox that refuses openat2 (ENOSYS, EPERM) makes
 * plain openat take its place. A captured root is never read without it: it may be hostile.
 */
struct via_memtree;
struct via_recorder;

struct via_root {
	int fd; /* -1 for a tree in memory */
	bool live;
	bool image;			/* files of a host that does not run: all of them */
	bool no_openat2;		/* live only: the system call is refused here */
	unsigned int hidden;		/* live only: see root_hides() */
	char path[256];			/* as the user named it */
	const struct via_memtree *tree; /* in place of a directory; not owned */
	struct via_recorder *recorder;	/* told of every read; NULL for none */
};

/**
 * root_open - open a root for looking
 * @path: "/" for the live host, else a directory that holds a captured tree
 *
 * Needs:  openat2 (Linux 5.6) for a captured tree
 * Return: 0; -ENOENT, -ENOTDIR, -EACCES; -ENOSYS when a captured tree cannot be confined
 */
int root_open(struct via_root *ret, const char *path, struct via_error *error);
void root_close(struct via_root *root);

/* root_of_memtree - a root over files in memory; the tree must outlive it */
struct via_root root_of_memtree(const struct via_memtree *tree, const char *name);

/**
 * root_as_live - the running host, or a recording of one: what was not there then is
 * absent, and what the depth left out is left out again
 */
bool root_as_live(const struct via_root *root);

/**
 * root_hides - whether @path is below a part of the running host that nobody mounted here, or
 * that a container covers with an empty directory (/sys, /proc, /sys/firmware): what is not
 * there is not told, and not absent
 */
bool root_hides(const struct via_root *root, const char *path);

/**
 * root_openat - a descriptor on a file inside the root
 * @flags: as open(2); O_CLOEXEC is added
 *
 * Return: a descriptor, or a negative errno (-EXDEV, -ELOOP: the path leads out or around;
 * -EOPNOTSUPP: files in memory have none)
 */
int root_openat(const struct via_root *root, const char *path, int flags);

/**
 * root_text - a small text file, its trailing blanks removed
 *
 * Reads at most 64 KiB; more is -EFBIG, told as unknown. A file that cannot be opened
 * because it is not there is VIA_ABSENT only where its directory is there; where even the
 * directory is missing, the live host tells VIA_ABSENT and a captured tree VIA_UNKNOWN
 * (ENODATA), since it may simply not have been captured.
 *
 * Depth:  attributes
 * Return: the fact; @text belongs to @arena
 */
struct via_fact root_text(const struct via_root *root, struct via_arena *arena, const char *format,
			  ...) __attribute__((format(printf, 3, 4)));

/* root_number - root_text() and the number in it (0x… and decimal); EBADMSG when it is none */
struct via_fact root_number(const struct via_root *root, struct via_arena *arena,
			    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* root_hex - likewise for attributes that print hex without a prefix (sriov_vf_device) */
struct via_fact root_hex(const struct via_root *root, struct via_arena *arena, const char *format,
			 ...) __attribute__((format(printf, 3, 4)));

/* root_status - of what a path leads to, on the file system. Return: 0; negative errno */
int root_status(const struct via_root *root, const char *path, struct stat *ret);

/* root_link - the last component of a link's target ("igb" of driver -> …/drivers/igb) */
struct via_fact root_link(const struct via_root *root, struct via_arena *arena, const char *format,
			  ...) __attribute__((format(printf, 3, 4)));

/* root_link_target - a link's whole target, as stored */
struct via_fact root_link_target(const struct via_root *root, struct via_arena *arena,
				 const char *format, ...) __attribute__((format(printf, 3, 4)));

/* root_exists - whether anything has that name (a dangling link counts) */
struct via_fact root_exists(const struct via_root *root, struct via_arena *arena,
			    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* root_blob - a binary file of at most @limit bytes; what is longer is cut there */
struct via_blob root_blob(const struct via_root *root, struct via_arena *arena, size_t limit,
			  const char *format, ...) __attribute__((format(printf, 4, 5)));

/**
 * root_tail - the last @limit bytes of a file
 *
 * Return: the blob; what could not be read is unknown, never absent
 */
struct via_blob root_tail(const struct via_root *root, struct via_arena *arena, size_t limit,
			  const char *path);

/**
 * root_entries - the names in a directory, in natural order (dmar2 before dmar10)
 * @ret: the names; emptied first; may be NULL when only the count is wanted
 *
 * Return: the fact; @number is the count. A captured tree that lacks the directory is
 * VIA_UNKNOWN: it does not say that the host had none.
 */
struct via_fact root_entries(const struct via_root *root, struct via_arena *arena,
			     struct via_names *ret, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* root_listing - likewise, in whichever order: for thousands of names */
struct via_fact root_listing(const struct via_root *root, struct via_arena *arena,
			     struct via_names *ret, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
