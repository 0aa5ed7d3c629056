/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/history_change.h"

#include <string.h>

#include "apply/store.h"
#include "base/parse.h"
#include "plan/diff.h"
#include "plan/file.h"
#include "sys/file_state.h"

enum { TEXT_LIMIT = 1024 * 1024 };

/* The new content of what a program made is not kept: it is the present one, or unknown. */
static bool is_present(const struct via_root *root, const struct via_action *action,
		       const char *value, struct via_arena *arena, struct via_file *ret)
{
	struct via_fact fact = root_file(root, arena, TEXT_LIMIT, action->target + 1, ret);

	return fact_is(&fact, VIA_PRESENT) && file_value_is_content(value, ret->content);
}

static bool read_state(const struct via_root *root, const struct via_action *action,
		       const char *value, struct via_arena *arena, struct via_file *ret)
{
	struct via_file_value parsed;

	if (file_value_parse(value, &parsed) < 0)
		return false;
	*ret = (struct via_file){ .there = parsed.there, .mode = parsed.mode };
	return !parsed.there || store_read(root, action, value, arena, &ret->content) == 0 ||
	       is_present(root, action, value, arena, ret);
}

static bool parts_words(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '"' || c == '\'';
}

/* As a reader of a kernel's line has them: "a=b,c" is one. */
static struct via_pieces words_of(struct via_arena *arena, struct via_span text)
{
	struct via_pieces words = { 0 };
	size_t start = 0;

	for (size_t at = 0; at <= text.size; at++) {
		if (at < text.size && !parts_words(text.data[at]))
			continue;
		if (at > start)
			*via_list_add(arena, &words) =
				(struct via_piece){ (const char *)text.data + start, at - start };
		start = at + 1;
	}
	return words;
}

static const char *joined(struct via_arena *arena, const char *text, const struct via_pieces *words,
			  size_t at, size_t count)
{
	for (size_t i = at; i < at + count; i++)
		text = arena_printf(arena, "%s%s%.*s", text, *text ? " " : "",
				    (int)words->items[i].length, words->items[i].text);
	return text;
}

static void tell_words(struct via_history_change *change, const struct via_file *old,
		       const struct via_file *new, struct via_arena *arena)
{
	const struct via_pieces old_words = words_of(arena, old->content);
	const struct via_pieces new_words = words_of(arena, new->content);
	const struct via_changes changes = diff_pieces(arena, &old_words, &new_words);

	change->added = change->removed = "";
	via_for_each (at, &changes) {
		change->removed =
			joined(arena, change->removed, &old_words, at->old_at, at->old_count);
		change->added = joined(arena, change->added, &new_words, at->new_at, at->new_count);
	}
}

static void tell_contents(struct via_history_change *change, const struct via_root *root,
			  const struct via_action *action, struct via_arena *arena)
{
	struct via_file old, new;

	if (!read_state(root, action, action->expected, arena, &old) ||
	    !read_state(root, action, action->wanted, arena, &new))
		return;
	change->diff = diff_files(arena, action->target, &old, &new);
	if (!action->made_by && span_is_text(old.content) && span_is_text(new.content))
		tell_words(change, &old, &new, arena);
}

struct via_history_changes history_changes(const struct via_root *root,
					   const struct via_transaction *transaction,
					   struct via_arena *arena)
{
	struct via_history_changes changes = { 0 };

	via_for_each (entry, &transaction->entries) {
		const struct via_action *action = &entry->action;
		struct via_history_change change = { .path = action->target,
						     .undone = entry->undone };

		if (action->kind != VIA_ACTION_FILE)
			continue;
		change.what = strcmp(action->expected, "absent") == 0 ? "new"
			      : strcmp(action->wanted, "absent") == 0 ? "removed"
								      : "changed";
		if (action->made_by)
			change.made_by =
				transaction->entries.items[action->made_by - 1].action.target;
		tell_contents(&change, root, action, arena);
		*via_list_add(arena, &changes) = change;
	}
	return changes;
}
