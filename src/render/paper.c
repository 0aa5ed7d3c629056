/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/paper.h"

#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"

static const char *const sequences[VIA_STYLES] = {
	[VIA_STYLE_PLAIN] = "",		[VIA_STYLE_BOLD] = "\033[1m",
	[VIA_STYLE_DIM] = "\033[2m",	[VIA_STYLE_GOOD] = "\033[32m",
	[VIA_STYLE_BAD] = "\033[1;31m", [VIA_STYLE_CARE] = "\033[33m",
	[VIA_STYLE_LINK] = "\033[36m",
};

static void begin(const struct via_paper *paper, enum via_style style)
{
	if (paper->color)
		fputs(sequences[style], paper->file);
}

static void end(const struct via_paper *paper, enum via_style style)
{
	if (paper->color && style != VIA_STYLE_PLAIN)
		fputs("\033[0m", paper->file);
}

/* How many bytes a character of UTF-8 has, by its first; 0 for none. */
static size_t length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* The length of a whole character that no terminal obeys, else 0: C0 but for the line feed,
 * DEL, C1 in UTF-8 or bare. */
static size_t harmless(const unsigned char *text)
{
	size_t length = length_of(*text);

	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	if (length == 1)
		return (*text >= ' ' && *text != 0x7f) || *text == '\n' || *text == '\t';
	return *text == 0xc2 && text[1] < 0xa0 ? 0 : length;
}

void paper_put(FILE *file, const char *text)
{
	while (*text) {
		size_t length = harmless((const unsigned char *)text);

		if (length)
			fwrite(text, 1, length, file);
		else
			fputc('?', file);
		text += length ?: 1;
	}
}

void paper_print(const struct via_paper *paper, enum via_style style, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (n < 0) {
		text = NULL;
		return;
	}
	begin(paper, style);
	paper_put(paper->file, text);
	end(paper, style);
}

unsigned int paper_columns(const char *text)
{
	unsigned int columns = 0;

	for (; *text; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80;
	return columns;
}

void paper_pad(const struct via_paper *paper, enum via_style style, unsigned int columns,
	       const char *text)
{
	unsigned int used = paper_columns(text);

	paper_print(paper, style, "%s", text);
	for (; used < columns; used++)
		fputc(' ', paper->file);
}

void paper_wrap(const struct via_paper *paper, enum via_style style, unsigned int indent,
		const char *text)
{
	fprintf(paper->file, "%*s", (int)indent, "");
	paper_fill(paper, style, indent, indent, text);
}

void paper_fill(const struct via_paper *paper, enum via_style style, unsigned int column,
		unsigned int indent, const char *text)
{
	bool first = true;

	begin(paper, style);
	while (*text) {
		size_t bytes = strcspn(text, " \n");
		char word[512];
		unsigned int columns;

		if (bytes >= sizeof(word))
			bytes = sizeof(word) - 1;
		while (bytes && ((unsigned char)text[bytes] & 0xc0) == 0x80)
			bytes--;
		memcpy(word, text, bytes);
		word[bytes] = '\0';
		columns = paper_columns(word);
		if (!first && column + 1 + columns > paper->width) {
			column = indent;
			fprintf(paper->file, "\n%*s", (int)indent, "");
			first = true;
		}
		fputs(first ? "" : " ", paper->file);
		paper_put(paper->file, word);
		column += columns + !first;
		first = false;
		text += bytes;
		text += strspn(text, " \n");
	}
	end(paper, style);
	fputc('\n', paper->file);
}

static const struct {
	const char *pretty, *plain;
	enum via_style style;
} marks[VIA_VERDICTS] = {
	[VIA_PASS] = { "✔", "+", VIA_STYLE_GOOD }, [VIA_WARN] = { "▲", "!", VIA_STYLE_CARE },
	[VIA_FAIL] = { "✘", "x", VIA_STYLE_BAD },  [VIA_CANNOT_TELL] = { "?", "?", VIA_STYLE_CARE },
	[VIA_SKIP] = { "·", "-", VIA_STYLE_DIM },
};

void paper_mark(const struct via_paper *paper, enum via_verdict verdict)
{
	paper_print(paper, marks[verdict].style, "%s",
		    paper_symbol(paper, marks[verdict].pretty, marks[verdict].plain));
}
