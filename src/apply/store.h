/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "plan/action.h"
#include "sys/root.h"

/*
 * Contents that undoing needs, beside the journal: var/lib/viaduct/journal/NNNNNN/, one file
 * a content, named by its SHA-256. They are on disk before the journal's line that names them.
 */

/**
 * store_keep - keep the content that a file has now, and the one it is to have
 * @action: of kind file, @store set. Without @after (made by a program) only the old one is
 *          kept: nothing is ever merged with it
 *
 * Return: 0; -ESTALE when the file is not @found any more; other negative errno
 */
int store_keep(const struct via_root *root, const struct via_action *action, const char *found);

/**
 * store_open - a kept content, which is what its name says
 * @value: of a file that is there
 *
 * Return: a descriptor; -ENOENT; -EBADMSG when it is damaged; other negative errno
 */
int store_open(const struct via_root *root, const struct via_action *action, const char *value);

/* store_read - likewise, its bytes; those of "absent" are none. -EFBIG above 1 MiB */
int store_read(const struct via_root *root, const struct via_action *action, const char *value,
	       struct via_arena *arena, struct via_span *ret);

/* store_drop - forget all that a transaction kept; what cannot be removed stays */
void store_drop(const struct via_root *root, const char *store);
