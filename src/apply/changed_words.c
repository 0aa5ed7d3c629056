/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/changed_words.h"

#include "base/cleanup.h"
#include "plan/diff.h"

static bool parts_words(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '"' || c == '\'';
}

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

static void take(struct via_arena *arena, struct via_names *into, const struct via_pieces *words,
		 size_t at, size_t count)
{
	for (size_t i = at; words->items && i < at + count; i++)
		*via_list_add(arena, into) =
			arena_strndup(arena, words->items[i].text, words->items[i].length);
}

struct via_changed_words changed_words(struct via_arena *arena, struct via_span old,
				       struct via_span new)
{
	const struct via_pieces old_words = words_of(arena, old);
	const struct via_pieces new_words = words_of(arena, new);
	const struct via_changes changes = diff_pieces(arena, &old_words, &new_words);
	struct via_changed_words words = { 0 };

	via_for_each (at, &changes) {
		take(arena, &words.removed, &old_words, at->old_at, at->old_count);
		take(arena, &words.added, &new_words, at->new_at, at->new_count);
	}
	return words;
}
