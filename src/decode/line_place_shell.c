/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "decode/line_place.h"
#include "decode/shell_assignment.h"

/* What stands in for letters that only a shell could tell; no blank. */
enum { UNTOLD = 1 };

/* One value as it is written, from its first quote to its last. */
struct scan {
	struct via_arena *arena;
	struct via_line_place *place;
	const char *text;
	size_t at, end;
	bool array, broken, worded;
};

static void letter(struct scan *scan, size_t from, char c)
{
	place_letter(scan->arena, scan->place, from, scan->at, c);
	if (isspace((unsigned char)c))
		return;
	scan->place->insert = scan->at;
	scan->worded = true;
}

static void take(struct scan *scan)
{
	size_t from = scan->at++;

	letter(scan, from, scan->text[from]);
}

static void take_escape(struct scan *scan, bool quoted)
{
	size_t from = scan->at++;
	char c;

	if (scan->at >= scan->end) {
		letter(scan, from, '\\');
		return;
	}
	c = scan->text[scan->at];
	if (quoted && !strchr("\"\\$`\n", c)) {
		letter(scan, from, '\\');
		return;
	}
	scan->at++;
	if (c != '\n')
		letter(scan, from, c);
	else
		scan->place->insert = scan->at;
}

/* $(…), ${…} and `…`, which may hold blanks; their own letters are not looked at. */
static void take_expansion(struct scan *scan)
{
	char open = scan->text[scan->at],
	     next = scan->at + 1 < scan->end ? scan->text[scan->at + 1] : 0;
	char close = open == '`' ? '`' : next == '(' ? ')' : '}';
	size_t from = scan->at;
	int depth = 0;

	scan->at += open == '`' ? 1 : 2;
	for (; scan->at < scan->end; scan->at++) {
		depth += scan->text[scan->at] == next && close != '`';
		if (scan->text[scan->at] == close && depth-- == 0)
			break;
	}
	scan->broken |= scan->at >= scan->end;
	scan->at += scan->at < scan->end;
	letter(scan, from, UNTOLD);
}

static bool is_expansion(const struct scan *scan)
{
	char c = scan->text[scan->at],
	     next = scan->at + 1 < scan->end ? scan->text[scan->at + 1] : 0;

	return c == '`' || (c == '$' && (next == '(' || next == '{'));
}

static void take_quotes(struct scan *scan)
{
	char quote = scan->text[scan->at++];

	if (!scan->array)
		scan->place->insert = scan->at;
	while (scan->at < scan->end && scan->text[scan->at] != quote) {
		if (quote == '"' && scan->text[scan->at] == '\\')
			take_escape(scan, true);
		else if (quote == '"' && is_expansion(scan))
			take_expansion(scan);
		else
			take(scan);
	}
	scan->broken |= scan->at >= scan->end;
	scan->at += scan->at < scan->end;
	if (scan->array)
		scan->place->insert = scan->at;
}

static void take_array_letter(struct scan *scan, bool *word)
{
	char c = scan->text[scan->at];

	if (c == '#' && !*word) {
		while (scan->at < scan->end && scan->text[scan->at] != '\n')
			scan->at++;
		if (!scan->worded) /* a word before the '#' would take it for its own letter */
			scan->place->insert = scan->at + (scan->at < scan->end);
		return;
	}
	*word = !isspace((unsigned char)c);
	take(scan);
}

/* Behind the '(' of an array, up to its ')'. */
static void take_array(struct scan *scan)
{
	bool word = false;

	scan->place->insert = ++scan->at;
	while (scan->at < scan->end && scan->text[scan->at] != ')') {
		char c = scan->text[scan->at];

		if (c == '"' || c == '\'')
			take_quotes(scan);
		else if (c == '\\')
			take_escape(scan, false);
		else if (is_expansion(scan))
			take_expansion(scan);
		else {
			take_array_letter(scan, &word);
			continue;
		}
		word = true;
	}
	scan->broken |= scan->at >= scan->end;
}

static void take_value(struct scan *scan)
{
	struct via_line_place *place = scan->place;

	place->insert = scan->at;
	place->bare = true;
	place->separator = "\\ ";
	while (scan->at < scan->end) {
		char c = scan->text[scan->at];

		place->bare = c != '"' && c != '\'';
		if (!place->bare)
			take_quotes(scan);
		else if (c == '\\')
			take_escape(scan, false);
		else if (is_expansion(scan))
			take_expansion(scan);
		else
			take(scan);
	}
	if (place->bare)
		place->insert = scan->end;
	else
		place->separator = " ";
}

static int scan_assignment(struct via_arena *arena, const struct via_assignment *assignment,
			   struct via_span text, struct via_line_place *place)
{
	struct scan scan = { .arena = arena,
			     .place = place,
			     .text = (const char *)text.data,
			     .at = assignment->from,
			     .end = assignment->to };

	place->bare = false;
	place->separator = " ";
	scan.array = scan.at < scan.end && scan.text[scan.at] == '(';
	if (scan.array && place->letters.count)
		place_letter(arena, place, 0, 0, ' ');
	if (scan.array)
		take_array(&scan);
	else
		take_value(&scan);
	return scan.broken || assignment->nested ? -EOPNOTSUPP : 0;
}

static const char *opening(struct via_arena *arena, const char *key)
{
	return arena_printf(arena, "%s%s=\"", key, strchr(key, '[') ? "+" : "");
}

/* A shell takes the '\r' for a part of the value, and of a list it makes one word. */
static bool has_carriage_returns(struct via_span text)
{
	return memmem(text.data, text.size, "\r\n", 2) != NULL;
}

int find_shell(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
	       struct via_line_place *ret, struct via_error *error)
{
	struct via_assignments assignments = { 0 };
	bool found = false;
	int r;

	if (text.size && has_carriage_returns(text))
		return error_set(
			error, -EOPNOTSUPP, "edit", where->key,
			"lines of the file end in CR LF, which a shell takes for a part of "
			"what it reads");
	r = assignments_decode(arena, text, &assignments);
	if (r < 0)
		return error_set(error, r, "edit", where->key, NULL);
	via_for_each (assignment, &assignments.list) {
		if (strcmp(assignment->name, where->key) != 0)
			continue;
		if (!assignment->adds)
			ret->letters.count = 0;
		r = scan_assignment(arena, assignment, text, ret);
		if (r < 0)
			return error_set(error, r, "edit", where->key,
					 "line %zu: only a shell could tell what it is",
					 assignment->line);
		ret->line = line_starts_at(text, assignment->from);
		ret->line_end = line_ends_behind(text, assignment->to);
		found = true;
	}
	if (!found)
		place_lacks(arena, ret, text, text.size, opening(arena, where->key), "\"");
	return 0;
}
