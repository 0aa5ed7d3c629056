/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/file_state.h"

/*
 * Loaders replay no journal: what they read has to be in its place on the disk, and not only
 * promised in a log, as fsync(2) leaves it.
 *
 *   ext4   EXT4_IOC_CHECKPOINT (Linux 5.14); before that, as XFS
 *   XFS    the file system is frozen and thawed at once, which empties its log
 *   else   syncfs(2): btrfs writes its tree then, and not its log of fsyncs
 *
 * Only below /boot, and a freeze only on the running host.
 */

/* settle_needed - whether loaders read there: what is, or leads, below /boot */
bool settle_needed(const char *path, const struct via_file_place *place);

/* settle_obstacle - why what changes in a folder could not be settled; NULL: it can, or need not */
const char *settle_obstacle(const struct via_root *root, const char *path,
			    const struct via_file_place *place);

/**
 * settle - what was changed in the folder, and synced, is where a loader finds it
 *
 * Effect: on XFS nobody can write to the file system for a moment. Three processes see to it
 *         that it ends: who freezes, one that waits for the end of that, and the caller
 * Return: 0; negative errno
 */
int settle(const struct via_root *root, const struct via_file_place *place);
