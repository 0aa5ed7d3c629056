/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/span.h"

/*
 * Configuration files come with and without a final newline, with CRLF, with a byte order
 * mark, and in one line of a megabyte. These take them line by line.
 */

/* span_of_text - the bytes of a NUL-terminated text */
struct via_span span_of_text(const char *text);

/**
 * line_next - the next line, without its end ("\n" or "\r\n")
 * @rest: what is still to be read; moved on
 *
 * Return: the line in @arena, cut at a NUL byte if there is one; NULL at the end
 */
char *line_next(struct via_arena *arena, struct via_span *rest);

/**
 * line_of_text - the next line of what a program of ours has put together: "\n" ends each
 * @at: moved on; NULL at the end
 *
 * Return: the line in @arena, NULL at the end
 */
char *line_of_text(struct via_arena *arena, const char **at);

/* line_trim - without blanks at either end; cuts @line in place */
char *line_trim(char *line);

/**
 * line_key - the first word of a line, and what follows it
 * @ret_value: the trimmed rest; never NULL, "" for none
 *
 * Cuts @line in place. Return: the word; NULL for an empty line or a comment (#)
 */
char *line_key(char *line, char **ret_value);

/* line_word - the next word of *@text, blanks separate; NULL at the end; cuts in place */
char *line_word(char **text);
