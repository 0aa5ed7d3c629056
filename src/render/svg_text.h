/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdio.h>

/* svg_put - text as XML wants it; control characters and what is no UTF-8 become "?" */
void svg_put(FILE *file, const char *text);

/* svg_text - one line of text in a class of the picture's style sheet */
void svg_text(FILE *file, double x, double y, const char *style, const char *text);

/**
 * svg_wrap - words in lines of at most @columns, @line apart
 * @file: NULL only to count
 *
 * Return: how many lines
 */
unsigned int svg_wrap(FILE *file, double x, double y, double line, unsigned int columns,
		      const char *style, const char *text);
