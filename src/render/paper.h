/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "model/finding.h"

/* What text is written on: where, how wide, in which characters, with colour or without. */
struct via_paper {
	FILE *file;
	bool color;
	bool utf8;
	unsigned int width; /* columns, at least 40 */
};

enum via_style {
	VIA_STYLE_PLAIN,
	VIA_STYLE_BOLD,
	VIA_STYLE_DIM,
	VIA_STYLE_GOOD,
	VIA_STYLE_BAD,
	VIA_STYLE_CARE,
	VIA_STYLE_LINK,
	VIA_STYLES,
};

/* paper_put - text with its control characters replaced: what was read from a host may hold
 * anything, and a terminal obeys */
void paper_put(FILE *file, const char *text);

/* paper_print - printf in a style */
void paper_print(const struct via_paper *paper, enum via_style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* paper_wrap - words within the width, every line indented; ends with a newline */
void paper_wrap(const struct via_paper *paper, enum via_style style, unsigned int indent,
		const char *text);

/* paper_fill - likewise, on a line that stands at @column already */
void paper_fill(const struct via_paper *paper, enum via_style style, unsigned int column,
		unsigned int indent, const char *text);

/* paper_mark - one column that stands for a verdict, coloured */
void paper_mark(const struct via_paper *paper, enum via_verdict verdict);

/* paper_symbol - @pretty where the paper has such characters, else @plain */
static inline const char *paper_symbol(const struct via_paper *paper, const char *pretty,
				       const char *plain)
{
	return paper->utf8 ? pretty : plain;
}

/* paper_columns - columns that @text takes (UTF-8 aware) */
unsigned int paper_columns(const char *text);

/* paper_pad - @text, then blanks up to @columns */
void paper_pad(const struct via_paper *paper, enum via_style style, unsigned int columns,
	       const char *text);
