/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats of plain lines: a key, and the words to the end of the line. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/parse.h"
#include "decode/line_place.h"

/* A line on its way through its file; blanks at both ends are outside. */
struct row {
	size_t line, start, end, next;
};

static bool next_row(struct via_span text, struct row *row)
{
	size_t at = row->next;

	if (at >= text.size)
		return false;
	row->line = at;
	row->next = line_ends_behind(text, at);
	if (!at && text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	while (at < row->next && isspace(text.data[at]))
		at++;
	row->start = row->end = at;
	for (; at < row->next; at++)
		if (!isspace(text.data[at]))
			row->end = at + 1;
	return true;
}

static bool is_comment(struct via_span text, const struct row *row)
{
	return row->start == row->end || text.data[row->start] == '#';
}

/* The length of the word that starts the row. */
static size_t key_length(struct via_span text, const struct row *row, const char *ends)
{
	size_t length = 0;

	while (row->start + length < row->end && text.data[row->start + length] &&
	       !strchr(ends, text.data[row->start + length]))
		length++;
	return length;
}

static bool key_is(struct via_span text, const struct row *row, size_t length, const char *key)
{
	return strlen(key) == length &&
	       strncasecmp((const char *)text.data + row->start, key, length) == 0;
}

/* One part of the line; the last that is added is where words go. */
static void add_part(struct via_arena *arena, struct via_line_place *place, struct via_span text,
		     const struct row *row, size_t from)
{
	if (place->letters.count)
		place_letter(arena, place, 0, 0, ' ');
	while (from < row->end && isspace(text.data[from]))
		from++;
	place_letters(arena, place, text, from, row->end);
	place->fresh = from == row->end;
	place->insert = row->end;
	place->line = row->line;
	place->line_end = row->next;
}

int find_whole(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
	       struct via_line_place *ret, struct via_error *error)
{
	struct row row = { 0 };

	while (next_row(text, &row)) {
		if (is_comment(text, &row))
			continue;
		add_part(arena, ret, text, &row, row.start);
		if (where->format == VIA_LINE_FIRST)
			break;
	}
	ret->line_end = ret->line; /* a whole line is never ours */
	if (!ret->letters.count)
		return error_set(error, -ENOENT, "edit", "the command line",
				 "the file holds no words: a line without root= may not boot");
	return 0;
}

int find_entry(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
	       struct via_line_place *ret, struct via_error *error)
{
	struct row row = { 0 };
	bool found = false, boots = false;

	(void)where;
	while (next_row(text, &row)) {
		size_t length = is_comment(text, &row) ? 0 : key_length(text, &row, " \t");

		boots |= key_is(text, &row, length, "linux") || key_is(text, &row, length, "efi") ||
			 key_is(text, &row, length, "uki");
		if (!key_is(text, &row, length, "options") || row.start + length == row.end)
			continue;
		add_part(arena, ret, text, &row, row.start + length);
		found = true;
	}
	if (!boots)
		return error_set(error, -ENOENT, "edit", "the entry", "it boots no kernel");
	if (!found)
		place_lacks(arena, ret, text, text.size, "options ", "");
	return 0;
}

/* Where a line that an entry lacks would go: behind the last that belongs to it. */
struct block {
	bool inside, found;
	struct row last;
	size_t indent;
};

static void note_row(struct block *block, const struct row *row)
{
	block->last = *row;
	block->indent = row->start - row->line;
}

static void add_line(struct via_arena *arena, struct via_line_place *place, struct via_span text,
		     const struct block *block, const char *key)
{
	place_lacks(arena, place, text, block->last.next,
		    arena_printf(arena, "%.*s%s", (int)block->indent,
				 (const char *)text.data + block->last.line, key),
		    "");
}

static int no_entry(struct via_error *error, unsigned int entry)
{
	return error_set(error, -ENOENT, "edit", "the menu", "there is no entry %u", entry);
}

int find_extlinux(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
		  struct via_line_place *ret, struct via_error *error)
{
	unsigned int labels = 0;
	struct block block = { 0 };
	struct row row = { 0 };
	bool shared = false;

	while (next_row(text, &row)) {
		size_t length = is_comment(text, &row) ? 0 : key_length(text, &row, " \t");

		if (!length)
			continue;
		if (key_is(text, &row, length, "label"))
			block.inside = labels++ == where->entry;
		if (block.inside && row.start + length < row.end)
			note_row(&block, &row);
		if (!key_is(text, &row, length, "append") || row.start + length == row.end)
			continue;
		shared |= !labels;
		if (!block.inside)
			continue;
		ret->letters.count = 0; /* the last one counts */
		add_part(arena, ret, text, &row, row.start + length);
		block.found = true;
	}
	if (labels <= where->entry)
		return no_entry(error, where->entry);
	if (!block.found && shared)
		return error_set(error, -EOPNOTSUPP, "edit", "append",
				 "the label has the line that all labels share");
	if (!block.found)
		add_line(arena, ret, text, &block, "append ");
	return 0;
}

int find_limine(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
		struct via_line_place *ret, struct via_error *error)
{
	unsigned int entries = 0;
	struct block block = { 0 };
	struct row row = { 0 };
	bool old = false;

	while (next_row(text, &row)) {
		size_t length;

		if (is_comment(text, &row))
			continue;
		if (text.data[row.start] == ':' || text.data[row.start] == '/') {
			block.inside = entries++ == where->entry;
			old |= block.inside && text.data[row.start] == ':';
		}
		length = key_length(text, &row, "=: \t");
		if (!block.inside)
			continue;
		note_row(&block, &row);
		if (!key_is(text, &row, length, "cmdline") &&
		    !key_is(text, &row, length, "kernel_cmdline"))
			continue;
		while (row.start + length < row.end && isblank(text.data[row.start + length]))
			length++;
		if (row.start + length == row.end || !strchr("=:", text.data[row.start + length]))
			continue;
		length++;
		add_part(arena, ret, text, &row, row.start + length);
		block.found = true;
	}
	if (entries <= where->entry)
		return no_entry(error, where->entry);
	if (!block.found)
		add_line(arena, ret, text, &block, old ? "CMDLINE=" : "cmdline: ");
	return 0;
}

int find_ukify(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
	       struct via_line_place *ret, struct via_error *error)
{
	struct row row = { 0 };
	bool inside = false;

	(void)where;
	while (next_row(text, &row)) {
		size_t length = is_comment(text, &row) ? 0 : key_length(text, &row, "=: \t");
		size_t from = row.start + length;

		if (length && text.data[row.start] == '[')
			inside = key_is(text, &row, row.end - row.start, "[UKI]");
		if (!inside || !key_is(text, &row, length, "cmdline"))
			continue;
		while (from < row.end && strchr("=: \t", text.data[from]))
			from++;
		if (from < row.end && text.data[from] == '@')
			return error_set(error, -EOPNOTSUPP, "edit", "Cmdline",
					 "it names another file: %.*s", (int)(row.end - from),
					 (const char *)text.data + from);
		ret->letters.count = 0;
		add_part(arena, ret, text, &row, from);
	}
	ret->line_end = ret->line;
	if (!ret->letters.count)
		return error_set(error, -ENOENT, "edit", "Cmdline",
				 "it is not set there, so the line is /etc/kernel/cmdline");
	return 0;
}

/* "a, b": the comma and what follows it are one blank to us. */
static void add_items(struct via_arena *arena, struct via_line_place *place, struct via_span text,
		      size_t from, size_t to)
{
	while (from < to) {
		size_t at = from + 1;

		if (text.data[from] != ',') {
			place_letters(arena, place, text, from, at);
			from = at;
			continue;
		}
		while (at < to && text.data[at] == ' ')
			at++;
		place_letter(arena, place, from, at, ' ');
		from = at;
	}
}

int find_yaml(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
	      struct via_line_place *ret, struct via_error *error)
{
	struct row row = { 0 };
	bool found = false;

	ret->separator = ",";
	while (next_row(text, &row)) {
		size_t length = key_length(text, &row, ": \t"), from = row.start + length + 1, to;

		if (row.start != row.line || !key_is(text, &row, length, where->key) ||
		    row.start + length == row.end)
			continue;
		while (from < row.end && isblank(text.data[from]))
			from++;
		for (to = from; to < row.end && !isblank(text.data[to]); to++)
			if (strchr("[{&*|>", text.data[from]) || text.data[to] == '#')
				break;
		if (to < row.end || from >= row.end)
			return error_set(error, -EOPNOTSUPP, "edit", where->key,
					 "it is not written as a,b,c");
		if (to - from >= 2 && strchr("\"'", text.data[from])) {
			from++;
			to--;
		}
		add_items(arena, ret, text, from, to);
		ret->insert = to;
		ret->line = row.line;
		ret->line_end = row.next;
		found = true;
	}
	if (!found)
		place_lacks(arena, ret, text, text.size, arena_printf(arena, "%s: ", where->key),
			    "");
	return 0;
}

int find_modules(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
		 struct via_line_place *ret, struct via_error *error)
{
	bool open = text.size && text.data[text.size - 1] != '\n';
	const char *end = line_end(text);
	struct row row = { 0 };

	(void)where;
	(void)error;
	while (next_row(text, &row)) {
		if (is_comment(text, &row))
			continue;
		if (ret->letters.count)
			place_letter(arena, ret, 0, 0, ' ');
		place_letters(arena, ret, text, row.start,
			      row.start + key_length(text, &row, " \t"));
	}
	ret->lacks = ret->lines = true;
	ret->insert = text.size;
	ret->before = open ? end : "";
	ret->behind = open ? "" : end;
	return 0;
}
