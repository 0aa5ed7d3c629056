/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/line_edit.h"

/* One letter of a line as its reader sees it, and the bytes that make it: "\ " is a blank. */
struct via_letter {
	size_t from, to;
	char letter;
};

struct via_word {
	const char *text;
	size_t from, to;   /* in the file */
	size_t gap;	   /* where the one blank before it starts; from: there is none beside it */
	size_t gap_behind; /* where the one blank behind it ends; to: there is none beside it */
	bool whole;	   /* no quote opens or closes inside */
	size_t *ends;	   /* in the file, behind each letter of text */
};

/**
 * struct via_line_place - where in a file a line is written
 * @letters: of all its parts, blanks between them
 * @insert: where the next word goes
 * @separator: what goes before it, where there is a word already
 * @bare: outside quotes, so that letters with a meaning to a shell need a '\'
 * @open: a double quote is never closed: what stands behind it is not told apart
 * @fresh: the part that words go to is empty, whatever the others hold
 * @lines: a word takes its line with it
 * @lacks: the key is not there; the words go to @insert between @before and @behind
 * @line, @line_end: the line that holds the key, its end included; for taking it out again
 * @alone, @alone_end: what goes when the only word goes, where that is more than the word
 */
struct via_line_place {
	via_list(struct via_letter) letters;
	via_list(struct via_word) words;
	size_t insert;
	const char *separator;
	bool bare, lacks, lines, open, fresh;
	const char *before, *behind;
	size_t line, line_end;
	size_t alone, alone_end;
};

/* A reader of one format. Return: 0 or a negative errno, with @error set */
typedef int line_finder(struct via_arena *arena, const struct via_line_where *where,
			struct via_span text, struct via_line_place *ret, struct via_error *error);

line_finder find_whole, find_shell, find_entry, find_extlinux, find_limine, find_refind,
	find_refind_linux, find_ukify, find_yaml, find_kernelstub, find_modules;

/* place_letter / place_letters - add to a line; letters are taken as they stand */
void place_letter(struct via_arena *arena, struct via_line_place *place, size_t from, size_t to,
		  char letter);
void place_letters(struct via_arena *arena, struct via_line_place *place, struct via_span text,
		   size_t from, size_t to);

/* place_words - split the letters: blanks separate, double quotes protect them */
void place_words(struct via_arena *arena, struct via_line_place *place);

/* place_lacks - say that there is no such line, and what a new one at @insert looks like */
void place_lacks(struct via_arena *arena, struct via_line_place *place, struct via_span text,
		 size_t insert, const char *before, const char *behind);

/* line_ends_behind - the offset behind the line that holds @offset, its end included */
size_t line_ends_behind(struct via_span text, size_t offset);

/* line_starts_at - the offset at which the line that holds @offset starts */
size_t line_starts_at(struct via_span text, size_t offset);

/* line_end - how the file ends its lines */
const char *line_end(struct via_span text);

extern const char line_marker[]; /* the comment above a line that was added */
