/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/line.h"

#include <string.h>

static const char blanks[] = " \t\r\v\f\n";

struct via_span span_of_text(const char *text)
{
	return (struct via_span){ (const uint8_t *)text, strlen(text) };
}

char *line_next(struct via_arena *arena, struct via_span *rest)
{
	static const char mark[] = "\xef\xbb\xbf";
	const char *text = (const char *)rest->data, *end;
	size_t length;

	if (!rest->size)
		return NULL;
	end = memchr(text, '\n', rest->size);
	length = end ? (size_t)(end - text) : rest->size;
	rest->data += length + (end ? 1 : 0);
	rest->size -= length + (end ? 1 : 0);
	if (length >= 3 && memcmp(text, mark, 3) == 0) {
		text += 3;
		length -= 3;
	}
	if (length && text[length - 1] == '\r')
		length--;
	return arena_strndup(arena, text, length);
}

char *line_of_text(struct via_arena *arena, const char **at)
{
	size_t length = *at ? strcspn(*at, "\n") : 0;
	char *line;

	if (!*at || !**at) {
		*at = NULL;
		return NULL;
	}
	line = arena_strndup(arena, *at, length);
	*at += length;
	*at += **at == '\n';
	return line;
}

char *line_trim(char *line)
{
	size_t length;

	line += strspn(line, blanks);
	length = strlen(line);
	while (length && strchr(blanks, line[length - 1]))
		line[--length] = '\0';
	return line;
}

char *line_word(char **text)
{
	char *word = *text + strspn(*text, blanks);
	size_t length = strcspn(word, blanks);

	if (!*word)
		return NULL;
	*text = word + length;
	if (**text)
		*(*text)++ = '\0';
	return word;
}

char *line_key(char *line, char **ret_value)
{
	char *rest = line, *word = line_word(&rest);

	if (!word || *word == '#')
		return NULL;
	*ret_value = line_trim(rest);
	return word;
}
