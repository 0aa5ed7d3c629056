/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/span.h"

/**
 * struct via_entry_copy - a file of loader/entries under another name
 * @words: a line of options more; NULL for none
 * @image, @other_image: of its initrds the one goes, the other comes; NULL: all stay
 */
struct via_entry_copy {
	const char *title, *words;
	const char *image, *other_image;
};

/**
 * entry_copy - the text of an entry that boots as another does, with a title of its own
 *
 * Without the key that sorts it before others; comments go.
 *
 * Return: 0; -ENODATA it names no kernel; -ENOENT @image is not in it
 */
int entry_copy(struct via_arena *arena, struct via_span text, const struct via_entry_copy *copy,
	       const char **ret);
