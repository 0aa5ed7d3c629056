/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/file.h"
#include "plan/action.h"

/**
 * plan_file - a file gets another content, is made or is removed
 * @path: absolute, as its owner names it; what a link names is changed in the link's place
 * @before: as it was read (root_file()); not there: it must not be there
 * @after: as it shall be. A file that stays keeps its mode and owner, whatever @after says;
 *         a new one has those of @after (mode 0: 0644)
 * @why: one clause
 *
 * Takes effect with the next boot; where it does so at once, set ->effect. Directories that
 * are missing are made, and removed again by an undo that leaves them empty. An owner's later
 * edits survive an undo (plan/merge.h). Neither content is copied.
 *
 * Return: the action; NULL when nothing would change
 */
struct via_action *plan_file(struct via_plan *plan, const char *path, const struct via_file *before,
			     const struct via_file *after, const char *why);

/* plan_own_file - likewise a whole text of viaduct's own; NULL: no such file any more */
struct via_action *plan_own_file(struct via_plan *plan, const char *path,
				 const struct via_file *before, const char *text, const char *why);

/**
 * The value of a file action: "absent", or "0644 0:0 BYTES SHA256", as in the journal.
 */
struct via_file_value {
	bool there;
	unsigned int mode, uid, gid;
	uint64_t size;
	const char *sha256;
};

const char *file_value_of(const struct via_file *file, struct via_arena *arena);
const char *file_value_text(const struct via_file_value *value, struct via_arena *arena);

/* file_value_parse - @ret->sha256 points into @text. Return: 0; -EINVAL */
int file_value_parse(const char *text, struct via_file_value *ret);

/* file_value_is_content - whether a value is a file of that content */
bool file_value_is_content(const char *value, struct via_span content);

/* action_diff - what an action changes, as a unified difference */
const char *action_diff(const struct via_action *action, struct via_arena *arena);

/* action_shown - a value as a person reads it: "(none)", "84 bytes" */
const char *action_shown(enum via_action_kind kind, const char *value, struct via_arena *arena);
