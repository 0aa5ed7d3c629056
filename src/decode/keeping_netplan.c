/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As much of YAML as netplan's files have: mappings, by indentation or in braces. */
#include <ctype.h>
#include <string.h>

#include "base/parse.h"
#include "decode/keeping.h"
#include "decode/line.h"

enum { DEEPEST = 32 };

struct interface {
	const char *id, *set_name, *count, *eswitch;
	struct via_keeping_match *match;
};

struct reader {
	struct via_arena *arena;
	struct {
		size_t indent;
		const char *key;
	} levels[DEEPEST];
	size_t depth;
	via_list(struct interface) interfaces;
};

static const char *level(const struct reader *reader, size_t above)
{
	return reader->depth > above ? reader->levels[reader->depth - 1 - above].key : "";
}

static struct interface *interface_of(struct reader *reader, const char *id)
{
	struct interface *interface;

	via_for_each (one, &reader->interfaces)
		if (strcmp(one->id, id) == 0)
			return one;
	interface = via_list_add(reader->arena, &reader->interfaces);
	interface->id = id;
	return interface;
}

static const char *lower(struct via_arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *at = copy; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return copy;
}

static struct via_keeping_match *match_of(struct reader *reader, const char *id)
{
	struct interface *interface = interface_of(reader, id);

	if (!interface->match)
		interface->match = arena_new_object(reader->arena, struct via_keeping_match);
	return interface->match;
}

/* A list that stands in lines of its own comes as "". */
static void take_match(struct reader *reader, const char *key, const char *value)
{
	struct via_keeping_match *match = match_of(reader, level(reader, 2));

	if (!*value)
		match->more = true;
	else if (strcmp(key, "name") == 0)
		match->name = value;
	else if (strcmp(key, "driver") == 0)
		match->driver = value;
	else if (strcmp(key, "macaddress") == 0)
		match->mac = lower(reader->arena, value);
	else
		match->more = true;
}

/* The innermost level's key has that value; "" where mappings follow. */
static void take(struct reader *reader, const char *value)
{
	const char *key = level(reader, 0);

	if (strcmp(level(reader, 1), "match") == 0)
		take_match(reader, key, value);
	else if (strcmp(key, "match") == 0)
		match_of(reader, level(reader, 1));
	else if (strcmp(key, "set-name") == 0)
		interface_of(reader, level(reader, 1))->set_name = value;
	else if (strcmp(key, "virtual-function-count") == 0)
		interface_of(reader, level(reader, 1))->count = value;
	else if (strcmp(key, "embedded-switch-mode") == 0)
		interface_of(reader, level(reader, 1))->eswitch = value;
}

static bool enter(struct reader *reader, size_t indent, const char *key)
{
	if (reader->depth == DEEPEST)
		return false;
	reader->levels[reader->depth].indent = indent;
	reader->levels[reader->depth++].key = key;
	return true;
}

/* A key or a value, in quotes or up to one of @ends; moves @at behind it. */
static const char *scalar(struct via_arena *arena, const char **at, const char *ends)
{
	const char *begin = *at + strspn(*at, " \t\n"), *end;
	bool quoted = *begin && strchr("'\"", *begin);
	char *text;

	if (quoted)
		end = strchr(begin + 1, *begin) ?: begin + strlen(begin);
	else
		end = begin + strcspn(begin, ends);
	text = arena_strndup(arena, begin + quoted, (size_t)(end - begin) - quoted);
	*at = end + (quoted && *end);
	return quoted ? text : line_trim(text);
}

/* [a, 'b'] as "a b" */
static const char *list(struct via_arena *arena, const char **at)
{
	size_t length = strcspn(*at, "]");
	char *text = arena_strndup(arena, *at + 1, length ? length - 1 : 0), *word;
	const char *words = NULL;

	*at += length + ((*at)[length] != '\0');
	for (char *one = text; *one; one++)
		if (strchr(",'\"\n", *one))
			*one = ' ';
	while ((word = line_word(&text)))
		words = keeping_ask(arena, words, word);
	return words ?: "";
}

/* The inside of braces; @at is behind the first. */
static void read_flow(struct reader *reader, const char **at)
{
	while (**at) {
		const char *key;

		*at += strspn(*at, " \t\n,");
		if (**at == '}' || !**at) {
			*at += **at == '}';
			return;
		}
		key = scalar(reader->arena, at, ":,}");
		*at += strspn(*at, " \t\n");
		if (**at == ':')
			++*at;
		*at += strspn(*at, " \t\n");
		if (!enter(reader, 0, key))
			return;
		if (**at == '{') {
			++*at;
			take(reader, "");
			read_flow(reader, at);
		} else {
			take(reader, **at == '[' ? list(reader->arena, at)
						 : scalar(reader->arena, at, ",}"));
		}
		reader->depth--;
	}
}

static const char *without_comment(char *text)
{
	for (char *at = text; (at = strchr(at, '#')); at++)
		if (at == text || strchr(" \t", at[-1])) {
			*at = '\0';
			break;
		}
	return line_trim(text);
}

static int balance(const char *text)
{
	int open = 0;

	for (; *text; text++)
		open += *text == '{' ? 1 : *text == '}' ? -1 : 0;
	return open;
}

/* What is in braces may go on in the lines that follow. */
static const char *whole_flow(struct reader *reader, const char *first, struct via_span *rest)
{
	const char *text = first;
	char *line;

	while (balance(text) > 0 && (line = line_next(reader->arena, rest)))
		text = arena_printf(reader->arena, "%s\n%s", text, without_comment(line));
	return text;
}

static void read_line(struct reader *reader, char *line, struct via_span *rest)
{
	size_t indent = strspn(line, " ");
	const char *at = without_comment(line), *key;

	if (!*at || *at == '-')
		return;
	while (reader->depth && reader->levels[reader->depth - 1].indent >= indent)
		reader->depth--;
	if (*at == '{') {
		at = whole_flow(reader, at + 1, rest);
		read_flow(reader, &at);
		return;
	}
	key = scalar(reader->arena, &at, ":");
	at += strspn(at, " \t");
	if (*at++ != ':' || !enter(reader, indent, key))
		return;
	at += strspn(at, " \t");
	if (*at == '{') {
		take(reader, "");
		at = whole_flow(reader, at, rest) + 1;
		read_flow(reader, &at);
	} else {
		take(reader,
		     *at == '[' ? list(reader->arena, &at) : scalar(reader->arena, &at, ""));
	}
}

/* An interface without a match is the one of that name. */
static void add(const struct reader *reader, const char *path, const struct interface *interface,
		const char *what, struct via_keepings *list)
{
	struct via_keeping_match *match = interface->match;
	const char *name = match ? keeping_match_name(reader->arena, match) : interface->id;

	*via_list_add(reader->arena, list) = (struct via_keeping){
		.keeper = VIA_KEEPER_NETPLAN,
		.path = path,
		.device = name,
		.match = match,
		.what = what,
		.at_boot = true,
	};
}

static void complete(const struct reader *reader, const struct interface *interface)
{
	struct via_keeping_match *match = interface->match;

	if (!match)
		return;
	if (match->name && interface->set_name)
		match->name = keeping_ask(reader->arena, match->name, interface->set_name);
	match->more |= !keeping_asks(match);
}

void keeping_netplan(struct via_arena *arena, const char *path, struct via_span text,
		     struct via_keepings *list)
{
	struct reader reader = { .arena = arena };
	char *line;

	while ((line = line_next(arena, &text)))
		read_line(&reader, line, &text);
	via_for_each (interface, &reader.interfaces) {
		complete(&reader, interface);
		if (interface->eswitch)
			add(&reader, path, interface,
			    arena_printf(arena, "eswitch mode %s", interface->eswitch), list);
		if (interface->count)
			add(&reader, path, interface,
			    arena_printf(arena, "%s virtual functions", interface->count), list);
	}
}
