/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/svg_text.h"

#include <string.h>

#include "render/paper.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return " ";
	}
}

void svg_put(FILE *file, const char *text)
{
	while (*text) {
		size_t plain = strcspn(text, "&<>\"\n\t");
		char part[256];

		if (!plain) {
			fputs(entity(*text++), file);
			continue;
		}
		if (plain >= sizeof(part)) {
			plain = sizeof(part) - 1;
			while (plain > 1 && ((unsigned char)text[plain] & 0xc0) == 0x80)
				plain--; /* not within a character */
		}
		memcpy(part, text, plain);
		part[plain] = '\0';
		paper_put(file, part);
		text += plain;
	}
}

void svg_text(FILE *file, double x, double y, const char *style, const char *text)
{
	fprintf(file, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, style);
	svg_put(file, text);
	fputs("</text>\n", file);
}

/* How many bytes of @text go on one line: up to a blank, or cut where there is none. */
static size_t line_of(const char *text, unsigned int columns)
{
	size_t end = 0, blank = 0;
	unsigned int used = 0;

	for (; text[end]; end++) {
		if (((unsigned char)text[end] & 0xc0) != 0x80 && used++ == columns)
			return blank ? blank : end;
		if (text[end] == ' ')
			blank = end;
	}
	return end;
}

unsigned int svg_wrap(FILE *file, double x, double y, double line, unsigned int columns,
		      const char *style, const char *text)
{
	unsigned int lines = 0;

	while (*text) {
		size_t length = line_of(text, columns);
		char part[1024];

		length = length < sizeof(part) ? length : sizeof(part) - 1;
		memcpy(part, text, length);
		part[length] = '\0';
		if (file)
			svg_text(file, x, y + lines * line, style, part);
		lines++;
		text += length;
		text += strspn(text, " ");
	}
	return lines;
}
