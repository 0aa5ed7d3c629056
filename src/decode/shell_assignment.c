/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/shell_assignment.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/line.h"

enum { ASSIGNMENTS = 1024, VALUE_BYTES = 64 * 1024, NAME_BYTES = 64 };

struct reading {
	struct via_arena *arena;
	struct via_assignments *assignments;
	const char *start, *at, *end;
	size_t line;
	int depth; /* of if, case, loops and functions */
	/* The value being put together. */
	char *value;
	size_t length;
	bool untold;
};

const struct via_assignment *assignment_last(const struct via_assignments *assignments,
					     const char *name)
{
	const struct via_assignment *last = NULL;

	via_for_each (assignment, &assignments->list)
		if (strcmp(assignment->name, name) == 0)
			last = assignment;
	return last;
}

static bool at_end(const struct reading *reading)
{
	return reading->at >= reading->end;
}

static char take(struct reading *reading)
{
	reading->line += *reading->at == '\n';
	return *reading->at++;
}

static void put(struct reading *reading, const char *text, size_t length)
{
	if (reading->length + length >= VALUE_BYTES) {
		reading->untold = true;
		return;
	}
	memcpy(reading->value + reading->length, text, length);
	reading->length += length;
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static void put_variable(struct reading *reading, const char *name, size_t length)
{
	char key[NAME_BYTES + 1];
	const struct via_assignment *found;

	if (length > NAME_BYTES) {
		reading->untold = true;
		return;
	}
	memcpy(key, name, length);
	key[length] = '\0';
	found = assignment_last(reading->assignments, key);
	/* One that no file sets may be in the environment, but none of GRUB's ever is. */
	if (found ? found->untold : !text_starts(key, "GRUB_"))
		reading->untold = true;
	if (found)
		put(reading, found->value, strlen(found->value));
}

/* $(…) nests; its words are not looked at. */
static void skip_parentheses(struct reading *reading)
{
	int depth = 0;

	while (!at_end(reading)) {
		char c = take(reading);

		depth += c == '(';
		depth -= c == ')';
		if (depth <= 0)
			return;
	}
}

static void skip_backquotes(struct reading *reading)
{
	while (!at_end(reading) && take(reading) != '`')
		;
}

/* $NAME, ${NAME}; anything cleverer is untold. */
static void take_dollar(struct reading *reading)
{
	const char *start = reading->at;
	bool braces = !at_end(reading) && *reading->at == '{';

	if (!at_end(reading) && *reading->at == '(') {
		reading->untold = true;
		skip_parentheses(reading);
		return;
	}
	start += braces;
	reading->at = start;
	while (!at_end(reading) && is_name_char(*reading->at))
		reading->at++;
	if (reading->at == start && !braces) {
		put(reading, "$", 1);
		return;
	}
	put_variable(reading, start, (size_t)(reading->at - start));
	if (!braces)
		return;
	reading->untold |= at_end(reading) || *reading->at != '}';
	while (!at_end(reading) && *reading->at != '}' && *reading->at != '\n')
		reading->at++;
	if (!at_end(reading) && *reading->at == '}')
		reading->at++;
}

static void take_escape(struct reading *reading, bool in_quotes)
{
	char c;

	if (at_end(reading))
		return;
	c = take(reading);
	if (c == '\n')
		return;
	if (c == '\r' && !at_end(reading) && *reading->at == '\n') {
		take(reading);
		return;
	}
	if (in_quotes && !strchr("\"\\$`", c))
		put(reading, "\\", 1);
	put(reading, &c, 1);
}

static void take_single_quotes(struct reading *reading)
{
	while (!at_end(reading)) {
		char c = take(reading);

		if (c == '\'')
			return;
		put(reading, &c, 1);
	}
	reading->untold = true; /* never closed: a shell refuses the file */
}

static void take_double_quotes(struct reading *reading)
{
	while (!at_end(reading)) {
		char c = take(reading);

		if (c == '"')
			return;
		if (c == '\\') {
			take_escape(reading, true);
		} else if (c == '$') {
			take_dollar(reading);
		} else if (c == '`') {
			reading->untold = true;
			skip_backquotes(reading);
		} else {
			put(reading, &c, 1);
		}
	}
	reading->untold = true;
}

/* One shell word: up to a blank or an operator outside quotes. */
static void take_word(struct reading *reading)
{
	while (!at_end(reading) && !isspace((unsigned char)*reading->at) &&
	       !strchr(";&|()<>", *reading->at)) {
		char c = take(reading);

		if (c == '"')
			take_double_quotes(reading);
		else if (c == '\'')
			take_single_quotes(reading);
		else if (c == '\\')
			take_escape(reading, false);
		else if (c == '$')
			take_dollar(reading);
		else if (c == '`') {
			reading->untold = true;
			skip_backquotes(reading);
		} else if (c)
			put(reading, &c, 1);
	}
}

static void skip_comment(struct reading *reading)
{
	while (!at_end(reading) && *reading->at != '\n')
		reading->at++;
}

static void take_array(struct reading *reading)
{
	while (!at_end(reading)) {
		size_t before = reading->length;

		if (isspace((unsigned char)*reading->at)) {
			take(reading);
			continue;
		}
		if (*reading->at == '#') {
			skip_comment(reading);
			continue;
		}
		if (*reading->at == ')') {
			take(reading);
			return;
		}
		if (strchr(";&|(<>", *reading->at) || !*reading->at) {
			reading->untold = true;
			take(reading);
			continue;
		}
		if (before && reading->value[before - 1] != ' ')
			put(reading, " ", 1);
		take_word(reading);
	}
	reading->untold = true;
}

static int store(struct reading *reading, const char *name, bool add,
		 struct via_assignment assignment)
{
	const struct via_assignment *old = add ? assignment_last(reading->assignments, name) : NULL;
	const char *text = arena_strndup(reading->arena, reading->value, reading->length);

	if (reading->assignments->list.count >= ASSIGNMENTS)
		return -E2BIG;
	if (old) {
		if (strlen(old->value) + reading->length >= VALUE_BYTES)
			return -E2BIG;
		text = arena_printf(reading->arena, "%s%s", old->value, text);
		reading->untold |= old->untold;
	}
	assignment.name = name;
	assignment.value = text;
	assignment.untold = reading->untold || reading->depth > 0;
	assignment.nested = reading->depth > 0;
	assignment.adds = add;
	*via_list_add(reading->arena, &reading->assignments->list) = assignment;
	return 0;
}

/* Behind "NAME=" or "NAME+=". An array is added to by words, a text by letters. */
static int take_value(struct reading *reading, const char *name, bool add)
{
	bool array = !at_end(reading) && *reading->at == '(';
	struct via_assignment assignment = {
		.line = reading->line,
		.from = (size_t)(reading->at - reading->start),
	};

	reading->length = 0;
	reading->untold = false;
	if (array) {
		take(reading);
		if (add)
			put(reading, " ", 1);
		take_array(reading);
	} else {
		take_word(reading);
	}
	assignment.to = (size_t)(reading->at - reading->start);
	return store(reading, name, add, assignment);
}

/* What opens and closes a part that a shell may pass over. */
static void count_depth(struct reading *reading, const char *word, size_t length)
{
	static const char *const opens[] = { "if", "case", "do", "{" };
	static const char *const closes[] = { "fi", "esac", "done", "}" };

	for (size_t i = 0; i < VIA_COUNT(opens); i++) {
		if (strlen(opens[i]) == length && memcmp(word, opens[i], length) == 0)
			reading->depth++;
		if (strlen(closes[i]) == length && memcmp(word, closes[i], length) == 0 &&
		    reading->depth)
			reading->depth--;
	}
}

/* "NAME" or "NAME[key]" at the reader's place; 0 for none. */
static size_t name_length(const struct reading *reading)
{
	const char *at = reading->at;
	size_t room = (size_t)(reading->end - at), length = 0, close;

	while (length < room && is_name_char(at[length]))
		length++;
	close = length;
	if (!length || isdigit((unsigned char)*at) || length == room || at[length] != '[')
		return length;
	while (close < room && at[close] && (is_name_char(at[close]) || strchr("[-.", at[close])))
		close++;
	return close < room && at[close] == ']' ? close + 1 : length;
}

static int take_statement(struct reading *reading)
{
	const char *start = reading->at;
	size_t length = name_length(reading);
	bool add = false;

	add = start + length + 1 < reading->end && start[length] == '+' && start[length + 1] == '=';
	if (length && length <= NAME_BYTES && !isdigit((unsigned char)*start) &&
	    (add || (start + length < reading->end && start[length] == '='))) {
		reading->at = start + length + 1 + add;
		return take_value(reading, arena_strndup(reading->arena, start, length), add);
	}
	reading->length = 0;
	take_word(reading);
	if (reading->at == start) /* an operator */
		take(reading);
	count_depth(reading, start, (size_t)(reading->at - start));
	return 0;
}

int assignments_decode(struct via_arena *arena, struct via_span text,
		       struct via_assignments *assignments)
{
	_cleanup_free_ char *value = malloc(VALUE_BYTES);
	struct reading reading = {
		.arena = arena,
		.assignments = assignments,
		.at = (const char *)text.data,
		.line = 1,
		.value = value,
	};

	if (!value)
		return -ENOMEM;
	reading.start = reading.at;
	reading.end = reading.at + text.size;
	if (text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
		reading.at += 3;
	while (!at_end(&reading)) {
		int r = 0;

		if (isspace((unsigned char)*reading.at))
			take(&reading);
		else if (*reading.at == '#')
			skip_comment(&reading);
		else
			r = take_statement(&reading);
		if (r < 0)
			return r;
	}
	return 0;
}
