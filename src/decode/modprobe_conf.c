/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/modprobe_conf.h"

#include <string.h>

#include "base/cleanup.h"

static const char *const kinds[] = {
	[VIA_MODPROBE_OPTIONS] = "options", [VIA_MODPROBE_BLACKLIST] = "blacklist",
	[VIA_MODPROBE_INSTALL] = "install", [VIA_MODPROBE_REMOVE] = "remove",
	[VIA_MODPROBE_ALIAS] = "alias",	    [VIA_MODPROBE_SOFTDEP] = "softdep",
	[VIA_MODPROBE_WEAKDEP] = "weakdep",
};
_Static_assert(VIA_COUNT(kinds) == VIA_MODPROBE_KINDS, "every kind has its word");

static const char blanks[] = " \t\r\v\f";

const char *modprobe_kind_name(enum via_modprobe_kind kind)
{
	return kinds[kind];
}

/* What is still to read, and the number of the line it stands in. */
struct text {
	const char *at, *end;
	unsigned int number;
};

/* Where the line ends that starts at @at, with those that a backslash joins to it. */
static const char *line_end(const char *at, const char *end)
{
	while (at < end && *at != '\n')
		at += *at == '\\' && at + 1 < end ? 2 : 1;
	return at;
}

/* The next line as one; a backslash is dropped, with the line break it hides. */
static char *next_line(struct via_arena *arena, struct text *text)
{
	const char *stop = line_end(text->at, text->end);
	size_t length = 0;
	char *line;

	if (text->at >= text->end)
		return NULL;
	line = arena_alloc(arena, (size_t)(stop - text->at) + 1);
	for (; text->at < stop; text->at++) {
		if (*text->at == '\\' && ++text->at == stop)
			break;
		if (*text->at == '\n')
			text->number++;
		else
			line[length++] = *text->at ? *text->at : ' ';
	}
	text->at = stop + 1;
	text->number++;
	return line;
}

/* The next word of @at, cut out in place; "" at the end. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, blanks), *end = word + strcspn(word, blanks);

	*at = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

static const char *trimmed(char *text)
{
	size_t length;

	text += strspn(text, blanks);
	for (length = strlen(text); length && strchr(blanks, text[length - 1]); length--)
		text[length - 1] = '\0';
	return text;
}

static const char *with_underscores(char *name)
{
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

static bool find_kind(const char *word, enum via_modprobe_kind *ret)
{
	for (size_t i = 0; i < VIA_COUNT(kinds); i++)
		if (strcmp(kinds[i], word) == 0) {
			*ret = (enum via_modprobe_kind)i;
			return true;
		}
	return false;
}

static void take_line(struct via_arena *arena, char *line, unsigned int number,
		      struct via_modprobe_conf *conf)
{
	struct via_modprobe_line row = { .number = number };
	char *word = next_word(&line);

	if (!*word || *word == '#')
		return;
	if (!find_kind(word, &row.kind)) {
		conf->unknown++;
		return;
	}
	word = next_word(&line);
	if (row.kind == VIA_MODPROBE_ALIAS) {
		row.text = word;
		word = next_word(&line);
	} else {
		row.text = trimmed(line);
	}
	if (!*word)
		return;
	row.module = with_underscores(word);
	*via_list_add(arena, &conf->lines) = row;
}

void modprobe_conf_decode(struct via_arena *arena, struct via_span span,
			  struct via_modprobe_conf *ret)
{
	struct text text = { (const char *)span.data, (const char *)span.data + span.size, 1 };
	struct via_modprobe_conf conf = { 0 };
	unsigned int number = text.number;
	char *line;

	while ((line = next_line(arena, &text))) {
		take_line(arena, line, number, &conf);
		number = text.number;
	}
	*ret = conf;
}
