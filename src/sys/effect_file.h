/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/effect.h"

/*
 * Files changed so that power may fail at any time: whoever reads the name finds the old
 * content or the new one, whole. Paths are relative to the root; a link is followed, and
 * what it names is changed in its place.
 */

/**
 * struct via_file_put - what a file shall be
 * @source: its content, from the start of an open file
 * @note: file_note() of what it was, to have its time stamp and attributes again; NULL: the
 *        attributes of the file that is there, and now
 */
struct via_file_put {
	const char *path;
	int source;
	unsigned int mode, uid, gid;
	const char *note;
};

/**
 * effect_file_put - make a file, or put another one in its place
 *
 * It is written beside the old one under a name that starts with a dot and ends in ".new",
 * which directories of drop-ins pass over, synced, renamed and its directory synced. On FAT
 * the name is Vxxxxxxx.NEW, and each step is on disk before the next: a cut leaves the old
 * content or the new one, of a new name nothing or an empty file.
 *
 * Return: 0; -ENOENT without its directory; -ENOSPC; other negative errno
 */
int effect_file_put(const struct via_effects *effects, const struct via_file_put *put);

/* effect_file_remove - Return: 0; -ENOENT; other negative errno */
int effect_file_remove(const struct via_effects *effects, const char *path);

/* effect_file_tidy - remove what a put that was cut short left beside a file, if anything */
int effect_file_tidy(const struct via_effects *effects, const char *path);

/* effect_directory_make/remove - one, of mode 0755; -EEXIST, -ENOTEMPTY and so on */
int effect_directory_make(const struct via_effects *effects, const char *path);
int effect_directory_remove(const struct via_effects *effects, const char *path);
