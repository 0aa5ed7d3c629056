/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/action.h"
#include "sys/world.h"

/**
 * undo_text_merge - the file without what viaduct changed in it, its owner's edits kept
 * @action: of a journal; its present content is neither the old one nor ours
 * @ret: in @arena
 *
 * Return: 0; -EEXIST where both changed the same words, or one of the three is no file;
 *         other negative errno
 */
int undo_text_merge(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, struct via_span *ret);

/* undo_text_value - the value of the file, once it has that content. Return: 0; negative errno */
int undo_text_value(const struct via_world *world, const struct via_action *action,
		    struct via_span content, struct via_arena *arena, const char **ret);

/* undo_text_put - give a file that content. Return: 0; negative errno */
int undo_text_put(const struct via_world *world, const struct via_action *action,
		  struct via_span content);

/* undo_text_differences - what viaduct did to the file, and what was done since */
const char *undo_text_differences(const struct via_world *world, const struct via_action *action,
				  struct via_arena *arena);
