/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats whose words stand in a quoted text of their own: rEFInd's and kernelstub's. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "decode/line_place.h"

/* The text whose first quote is at @at, a doubled quote for one: where it ends; 0: nowhere. */
static size_t take_text(struct via_arena *arena, struct via_line_place *place, struct via_span text,
			size_t at, size_t end)
{
	place->letters.count = 0;
	place->insert = ++at;
	for (; at < end; at++) {
		bool quote = text.data[at] == '"';

		if (quote && (at + 1 == end || text.data[at + 1] != '"'))
			return at + 1;
		place_letter(arena, place, at, at + 1 + quote, (char)text.data[at]);
		at += quote;
		if (!isspace(text.data[at]))
			place->insert = at + 1;
	}
	return 0;
}

static size_t skip_blanks(struct via_span text, size_t at, size_t end)
{
	while (at < end && (isblank(text.data[at]) || text.data[at] == ',' || text.data[at] == '='))
		at++;
	return at;
}

static size_t skip_word(struct via_span text, size_t at, size_t end)
{
	while (at < end && !isspace(text.data[at]) && text.data[at] != '=' && text.data[at] != ',')
		at++;
	return at;
}

static int not_quoted(struct via_error *error)
{
	return error_set(error, -EOPNOTSUPP, "edit", "options", "they are not in quotes");
}

/* A row's title; then its options, if it has any. */
static size_t find_options(struct via_arena *arena, struct via_span text, size_t at, size_t end)
{
	struct via_line_place title = { 0 };

	at = skip_blanks(text, at, end);
	if (at >= end || text.data[at] == '#' || isspace(text.data[at]))
		return end;
	at = text.data[at] == '"' ? take_text(arena, &title, text, at, end)
				  : skip_word(text, at, end);
	return at ? skip_blanks(text, at, end) : end;
}

int find_refind_linux(struct via_arena *arena, const struct via_line_where *where,
		      struct via_span text, struct via_line_place *ret, struct via_error *error)
{
	unsigned int rows = 0;

	for (size_t at = 0, next; at < text.size; at = next) {
		size_t from;

		next = line_ends_behind(text, at);
		from = find_options(arena, text, at, next);
		if (from >= next || isspace(text.data[from]) || text.data[from] == '#' ||
		    rows++ != where->entry)
			continue;
		return text.data[from] == '"' && take_text(arena, ret, text, from, next)
			       ? 0
			       : not_quoted(error);
	}
	return error_set(error, -ENOENT, "edit", "refind_linux.conf", "there is no row %u",
			 where->entry);
}

struct stanzas {
	unsigned int count, open[2], depth;
};

static bool word_is(struct via_span text, size_t at, size_t end, const char *word)
{
	return end - at == strlen(word) &&
	       strncasecmp((const char *)text.data + at, word, end - at) == 0;
}

/* Whether the row at @at opens or closes a stanza. */
static bool is_brace(struct via_span text, struct stanzas *stanzas, size_t at, size_t end)
{
	if (word_is(text, at, end, "menuentry") || word_is(text, at, end, "submenuentry")) {
		if (stanzas->depth == 2)
			stanzas->depth--;
		stanzas->open[stanzas->depth++] = stanzas->count++;
		return true;
	}
	if (at == end || text.data[at] != '}')
		return false;
	stanzas->depth -= stanzas->depth > 0;
	return true;
}

int find_refind(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
		struct via_line_place *ret, struct via_error *error)
{
	struct stanzas stanzas = { 0 };
	bool found = false;

	for (size_t at = 0, next; at < text.size; at = next) {
		size_t word = skip_blanks(text, at, text.size),
		       end = skip_word(text, word, text.size);

		next = line_ends_behind(text, at);
		if (word >= next || is_brace(text, &stanzas, word, end) || !stanzas.depth ||
		    stanzas.open[stanzas.depth - 1] != where->entry ||
		    !word_is(text, word, end, "options"))
			continue;
		end = skip_blanks(text, end, next);
		if (end >= next || text.data[end] != '"' || !take_text(arena, ret, text, end, next))
			return not_quoted(error);
		found = true;
	}
	if (!found)
		return error_set(error, -ENOENT, "edit", "refind.conf",
				 "stanza %u has no options of its own", where->entry);
	return 0;
}

/* Behind the text that starts with the quote at @at. */
static size_t skip_json_text(struct via_span text, size_t at)
{
	for (at++; at < text.size && text.data[at] != '"'; at++)
		at += text.data[at] == '\\';
	return at < text.size ? at + 1 : text.size;
}

static size_t skip_json_blanks(struct via_span text, size_t at)
{
	while (at < text.size && isspace(text.data[at]))
		at++;
	return at;
}

/* Where the value of that member starts, in the object whose '{' is at @at; 0: not there. */
static size_t json_member(struct via_span text, size_t at, const char *name)
{
	int depth = 0;

	while (at < text.size) {
		char c = (char)text.data[at];
		size_t start = at, colon;

		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		if (depth <= 0)
			return 0;
		at = c == '"' ? skip_json_text(text, at) : at + 1;
		if (c != '"' || depth != 1)
			continue;
		colon = skip_json_blanks(text, at);
		if (colon < text.size && text.data[colon] == ':' &&
		    word_is(text, start + 1, at - 1, name))
			return skip_json_blanks(text, colon + 1);
	}
	return 0;
}

/* No item is blank, and JSON (RFC 8259, 7) has no control character as it is. */
static bool is_item(struct via_span text, size_t from, size_t to)
{
	bool blank = true;

	for (; from < to; from++) {
		if (text.data[from] < ' ')
			return false;
		blank &= text.data[from] == ' ';
	}
	return !blank;
}

/* "a", "b": what stands between their letters, quotes too, is one blank to us. */
static int take_array(struct via_arena *arena, struct via_line_place *place, struct via_span text,
		      size_t at)
{
	size_t first = 0, last = 0, count = 0, open = at + 1;

	for (at = skip_json_blanks(text, open); at < text.size && text.data[at] == '"';) {
		size_t end = skip_json_text(text, at);

		if (!is_item(text, at + 1, end - 1))
			return -EBADMSG;
		if (count++) {
			place_letter(arena, place, last - 1, at + 1, ' ');
			place->separator = arena_strndup(arena, (const char *)text.data + last - 1,
							 at + 2 - last);
		} else {
			first = at;
			if (at - open > 1) /* one a line: the next as well */
				place->separator =
					arena_printf(arena, "\",%.*s\"", (int)(at - open),
						     (const char *)text.data + open);
		}
		place_letters(arena, place, text, at + 1, end - 1);
		last = end;
		at = skip_json_blanks(text, end);
		if (at < text.size && text.data[at] == ',')
			at = skip_json_blanks(text, at + 1);
	}
	if (at >= text.size || text.data[at] != ']')
		return -EBADMSG;
	if (count) {
		place->insert = last - 1;
		place->alone = first;
		place->alone_end = last;
	}
	return (int)count;
}

int find_kernelstub(struct via_arena *arena, const struct via_line_where *where,
		    struct via_span text, struct via_line_place *ret, struct via_error *error)
{
	size_t at = skip_json_blanks(text, 0), open;
	int count = -EBADMSG;

	(void)where;
	ret->separator = "\", \"";
	at = at < text.size && text.data[at] == '{' ? json_member(text, at, "user") : 0;
	open = at && at < text.size && text.data[at] == '{'
		       ? json_member(text, at, "kernel_options")
		       : 0;
	if (open && open < text.size && text.data[open] == '[')
		count = take_array(arena, ret, text, open);
	if (count < 0)
		return error_set(error, -EOPNOTSUPP, "edit", "kernel_options",
				 "user.kernel_options is no list of words");
	if (!count) {
		ret->lacks = true;
		ret->insert = open + 1;
		ret->before = ret->behind = "\"";
	}
	return 0;
}
