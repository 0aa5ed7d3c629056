/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/root.h"

/*
 * Programs that make what a host boots from write over it in place: a power cut meanwhile
 * leaves half a file. Here they run with a stand-in for each folder they write to (/boot, the
 * EFI partition), in a mount namespace of their own. What they made is then found in the
 * stand-ins, complete, while the host still has all it had; putting it in place, file by file
 * and each at once, is another's work.
 *
 * A stand-in is an overlay over the folder; where there can be none (FAT), a copy of it.
 *
 * SCRATCH/0, /1 …: a stand-in each, "upper" and "work" of an overlay or "copy".
 */

/* A file that a program made, changed or removed. */
struct via_staged_file {
	const char *path;   /* as the root has it */
	const char *source; /* where its new content is, in the root; NULL: it is gone */
};

struct via_staged {
	struct via_staged_file *items;
	size_t count, capacity;
};

/* STAGE_FOLDERS - relative to the root; those that are not there are passed over */
enum { STAGE_FOLDERS = 3 };
const char *stage_folder(unsigned int index);

/**
 * stage_enter - leave for a mount namespace in which the folders are stand-ins
 * @scratch: an empty directory of the root, on a disk with room; NULL: no stand-ins
 * @trouble: told in a few words on failure
 *
 * For a child that then executes. In another root than the running host it is entered too
 * (chroot), with /proc, /sys and /dev as they are here.
 *
 * Needs:  CAP_SYS_ADMIN
 * Return: 0; negative errno
 */
int stage_enter(const struct via_root *root, const char *scratch, const char **trouble);

/**
 * stage_gather - what a program left in the stand-ins that is not as in the folders
 * Return: 0; -ENOTSUP where it changed something other than files (@trouble names it)
 */
int stage_gather(const struct via_root *root, const char *scratch, struct via_arena *arena,
		 struct via_staged *ret, const char **trouble);

/* stage_drop - remove the scratch directory with all in it. Return: 0; negative errno */
int stage_drop(const struct via_root *root, const char *scratch);
