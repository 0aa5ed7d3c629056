/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/history_change.h"

#include <string.h>

#include "apply/changed_words.h"
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

static const char *joined(struct via_arena *arena, const struct via_names *words)
{
	const char *text = "";

	via_for_each (word, words)
		text = arena_printf(arena, "%s%s%s", text, *text ? " " : "", *word);
	return text;
}

static void tell_contents(struct via_history_change *change, const struct via_root *root,
			  const struct via_action *action, struct via_arena *arena)
{
	struct via_changed_words words;
	struct via_file old, new;

	if (!read_state(root, action, action->expected, arena, &old) ||
	    !read_state(root, action, action->wanted, arena, &new))
		return;
	change->diff = diff_files(arena, action->target, &old, &new);
	if (!action->made_by && span_is_text(old.content) && span_is_text(new.content)) {
		words = changed_words(arena, old.content, new.content);
		change->added = joined(arena, &words.added);
		change->removed = joined(arena, &words.removed);
	}
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
