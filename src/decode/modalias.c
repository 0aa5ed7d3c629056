/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/modalias.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { LINE_LIMIT = 1024 };

/* Advances past a set such as [a-f0]; *@pattern is at its '['. */
static bool in_set(const char **pattern, char c)
{
	const char *at = *pattern + 1;
	bool found = false;

	for (; *at && *at != ']'; at++) {
		if (at[1] == '-' && at[2] && at[2] != ']') {
			found |= *at <= c && c <= at[2];
			at += 2;
		} else {
			found |= *at == c;
		}
	}
	*pattern = *at ? at + 1 : at;
	return found;
}

static bool one_matches(const char **pattern, char c)
{
	if (**pattern == '[')
		return in_set(pattern, c);
	return *(*pattern)++ == c || (*pattern)[-1] == '?';
}

bool modalias_matches(const char *pattern, const char *modalias)
{
	const char *star = NULL, *retry = NULL;

	while (*modalias) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = modalias;
		} else if (*pattern && one_matches(&pattern, *modalias)) {
			modalias++;
		} else if (star) { /* only the last star may have to take more */
			pattern = star;
			modalias = ++retry;
		} else {
			return false;
		}
	}
	return !pattern[strspn(pattern, "*")];
}

static char *with_underscores(struct via_arena *arena, const char *module)
{
	char *name = arena_strdup(arena, module);

	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

static void claim(struct via_arena *arena, struct via_names *names, const char *module)
{
	char *name = with_underscores(arena, module);

	if (!names_have(names, name))
		*via_list_add(arena, names) = name;
}

/* The next piece of @file that ends at @stop, as text; false at the end. */
static bool next_piece(struct via_span *file, char stop, char text[LINE_LIMIT])
{
	const uint8_t *end;
	size_t length;

	if (!file->size)
		return false;
	end = memchr(file->data, stop, file->size);
	length = end ? (size_t)(end - file->data) : file->size;
	*text = '\0';
	if (length < LINE_LIMIT) {
		memcpy(text, file->data, length);
		text[length] = '\0';
	}
	length += end != NULL;
	file->data += length;
	file->size -= length;
	return true;
}

void modalias_claims(struct via_arena *arena, struct via_span file, const char *modalias,
		     struct via_names *names)
{
	char line[LINE_LIMIT], *pattern, *module, *save;

	while (next_piece(&file, '\n', line)) {
		if (!text_starts(line, "alias "))
			continue;
		pattern = strtok_r(line + 6, " ", &save);
		module = pattern ? strtok_r(NULL, " ", &save) : NULL;
		if (module && modalias_matches(pattern, modalias))
			claim(arena, names, module);
	}
}

void modalias_builtin_claims(struct via_arena *arena, struct via_span file, const char *modalias,
			     struct via_names *names)
{
	static const char mark[] = ".alias=";
	char entry[LINE_LIMIT], *dot;

	while (next_piece(&file, '\0', entry)) {
		dot = strchr(entry, '.');
		if (!dot || !text_starts(dot, mark) ||
		    !modalias_matches(dot + sizeof(mark) - 1, modalias))
			continue;
		*dot = '\0';
		claim(arena, names, entry);
	}
}

static void collect(struct via_arena *arena, struct via_aliases *aliases, const char *pattern,
		    const char *module)
{
	*via_list_add(arena, aliases) = (struct via_alias){
		.pattern = arena_strdup(arena, pattern),
		.module = with_underscores(arena, module),
	};
}

void modalias_collect(struct via_arena *arena, struct via_span file, const char *prefix,
		      struct via_aliases *ret)
{
	char line[LINE_LIMIT], *pattern, *module, *save;

	while (next_piece(&file, '\n', line)) {
		if (!text_starts(line, "alias ") || !text_starts(line + 6, prefix))
			continue;
		pattern = strtok_r(line + 6, " ", &save);
		module = strtok_r(NULL, " ", &save);
		if (module)
			collect(arena, ret, pattern, module);
	}
}

void modalias_builtin_collect(struct via_arena *arena, struct via_span file, const char *prefix,
			      struct via_aliases *ret)
{
	static const char mark[] = ".alias=";
	char entry[LINE_LIMIT], *dot;

	while (next_piece(&file, '\0', entry)) {
		dot = strchr(entry, '.');
		if (!dot || !text_starts(dot, mark) || !text_starts(dot + sizeof(mark) - 1, prefix))
			continue;
		*dot = '\0';
		collect(arena, ret, dot + sizeof(mark) - 1, entry);
	}
}

static size_t stars(const char *pattern)
{
	size_t count = 0;

	while ((pattern = strchr(pattern, '*'))) {
		pattern++;
		count++;
	}
	return count;
}

const char *modalias_fittest(const struct via_aliases *aliases, const char *modalias)
{
	const struct via_alias *best = NULL;

	via_for_each (alias, aliases)
		if (modalias_matches(alias->pattern, modalias) &&
		    (!best || stars(alias->pattern) < stars(best->pattern)))
			best = alias;
	return best ? best->module : NULL;
}
