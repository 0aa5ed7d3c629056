/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/line_place.h"

#include <ctype.h>
#include <string.h>

const char line_marker[] = "# added by viaduct";

void place_letter(struct via_arena *arena, struct via_line_place *place, size_t from, size_t to,
		  char letter)
{
	*via_list_add(arena, &place->letters) = (struct via_letter){ from, to, letter };
}

void place_letters(struct via_arena *arena, struct via_line_place *place, struct via_span text,
		   size_t from, size_t to)
{
	for (size_t at = from; at < to; at++)
		place_letter(arena, place, at, at + 1, (char)text.data[at]);
}

static bool is_blank(const struct via_letter *letter)
{
	return isspace((unsigned char)letter->letter);
}

static void add_word(struct via_arena *arena, struct via_line_place *place, size_t first,
		     size_t last)
{
	const struct via_letter *letters = place->letters.items;
	size_t count = last - first, before = first ? first - 1 : first;
	char *text = arena_alloc(arena, count + 1);
	struct via_word *word = via_list_add(arena, &place->words);

	*word = (struct via_word){ .text = text,
				   .from = letters[first].from,
				   .to = letters[last - 1].to,
				   .whole = true,
				   .ends = arena_alloc(arena, count * sizeof(size_t)) };
	for (size_t i = 0; i < count; i++) {
		text[i] = letters[first + i].letter;
		word->ends[i] = letters[first + i].to;
		word->whole &= !i || letters[first + i].from == letters[first + i - 1].to;
	}
	word->gap = first && letters[before].to == word->from ? letters[before].from : word->from;
	word->gap_behind = last < place->letters.count && letters[last].from == word->to
				   ? letters[last].to
				   : word->to;
}

void place_words(struct via_arena *arena, struct via_line_place *place)
{
	size_t count = place->letters.count, at = 0;

	while (at < count) {
		size_t first = at;
		bool quoted = false;

		for (; at < count && (quoted || !is_blank(&place->letters.items[at])); at++)
			quoted ^= place->letters.items[at].letter == '"';
		if (at > first)
			add_word(arena, place, first, at);
		place->open |= quoted;
		at += at < count;
	}
}

size_t line_ends_behind(struct via_span text, size_t offset)
{
	const uint8_t *end =
		offset < text.size ? memchr(text.data + offset, '\n', text.size - offset) : NULL;

	return end ? (size_t)(end - text.data) + 1 : text.size;
}

size_t line_starts_at(struct via_span text, size_t offset)
{
	while (offset && text.data[offset - 1] != '\n')
		offset--;
	return offset;
}

const char *line_end(struct via_span text)
{
	const uint8_t *end = text.size ? memchr(text.data, '\n', text.size) : NULL;

	return end && end > text.data && end[-1] == '\r' ? "\r\n" : "\n";
}

void place_lacks(struct via_arena *arena, struct via_line_place *place, struct via_span text,
		 size_t insert, const char *before, const char *behind)
{
	const char *end = line_end(text);
	bool open = insert && text.data[insert - 1] != '\n';
	size_t indent = strspn(before, " \t");

	/* A file without a last newline gets none. */
	place->lacks = true;
	place->insert = insert;
	place->before = arena_printf(arena, "%s%.*s%s%s%s", open ? end : "", (int)indent, before,
				     line_marker, end, before);
	place->behind = arena_printf(arena, "%s%s", behind, open ? "" : end);
}
