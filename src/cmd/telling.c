/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/telling.h"

#include <string.h>

#include "base/cleanup.h"
#include "plan/file.h"
#include "render/json.h"
#include "render/plan.h"

enum { INDENT = 6, WORDS_COLUMNS = 60 };

/* Words of a change, as far as they go on a line. */
static void print_words(const struct via_paper *paper, enum via_style style, const char *sign,
			const char *words)
{
	size_t length = strlen(words);

	if (length)
		paper_print(paper, style, "  %s%.*s%s", sign, WORDS_COLUMNS, words,
			    length > WORDS_COLUMNS ? "..." : "");
}

void tell_changes(const struct via_paper *paper, const struct via_history_changes *changes)
{
	via_for_each (change, changes) {
		paper_print(paper, VIA_STYLE_DIM, "%*s%-8s %s", INDENT, "", change->what,
			    change->path);
		if (change->made_by)
			paper_print(paper, VIA_STYLE_DIM, "  by %s", change->made_by);
		if (change->added) {
			print_words(paper, VIA_STYLE_BAD, "- ", change->removed);
			print_words(paper, VIA_STYLE_GOOD, "+ ", change->added);
		}
		if (change->undone)
			paper_print(paper, VIA_STYLE_DIM, "  (undone)");
		fputc('\n', paper->file);
	}
}

static const char *state_of(const struct via_entry *entry)
{
	return entry->undone ? "undone" : entry->read_back ? "done" : "begun";
}

void tell_entries(const struct via_paper *paper, const struct via_transaction *transaction,
		  const struct via_history_changes *changes)
{
	size_t n = 0;

	via_for_each (entry, &transaction->entries) {
		const struct via_action *action = &entry->action;

		paper_print(paper, VIA_STYLE_PLAIN, "%*s%s %s", INDENT, "",
			    action_kind_name(action->kind), action->target);
		text_change(paper, action->kind, action->expected, action->wanted);
		paper_print(paper, VIA_STYLE_DIM, "  (%s)\n", state_of(entry));
		if (action->kind == VIA_ACTION_FILE && changes->items[n++].diff)
			text_difference(paper, changes->items[n - 1].diff);
	}
}

json_t *json_changes(const struct via_history_changes *changes, bool whole)
{
	json_t *list = json_array();

	via_for_each (change, changes) {
		json_t *object = json_pack(
			"{s:o, s:s, s:o, s:o, s:o, s:b}", "path", json_optional(change->path),
			"what", change->what, "made_by", json_optional(change->made_by), "added",
			json_optional(change->added), "removed", json_optional(change->removed),
			"undone", change->undone);

		if (whole)
			json_object_set_new(object, "diff", json_optional(change->diff));
		json_array_append_new(list, object);
	}
	return list;
}

json_t *json_entries(const struct via_transaction *transaction)
{
	json_t *list = json_array();
	json_int_t n = 0;

	via_for_each (entry, &transaction->entries)
		json_array_append_new(
			list, json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:s}", "n", ++n, "kind",
					action_kind_name(entry->action.kind), "target",
					json_optional(entry->action.target), "found",
					json_optional(entry->action.expected), "wanted",
					json_optional(entry->action.wanted), "read_back",
					json_optional(entry->read_back), "state", state_of(entry)));
	return list;
}
