/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/file.h"

/* A piece of a text: a line with its end, or a word. */
struct via_piece {
	const char *text;
	size_t length;
};

struct via_pieces {
	struct via_piece *items;
	size_t count, capacity;
};

/* Pieces [old_at, old_at + old_count) gave way to [new_at, new_at + new_count). */
struct via_change {
	size_t old_at, old_count, new_at, new_count;
};

struct via_changes {
	struct via_change *items;
	size_t count, capacity;
};

/* pieces_lines - a text as lines; the last may lack its end */
struct via_pieces pieces_lines(struct via_arena *arena, struct via_span text);

/* pieces_words - as words, blanks, line ends and single marks: put together they are the text */
struct via_pieces pieces_words(struct via_arena *arena, struct via_span text);

/**
 * diff_pieces - what leads from one list to another, in order and without overlaps
 *
 * The shortest way, where that takes no more than some hundred changes; else a longer one.
 */
struct via_changes diff_pieces(struct via_arena *arena, const struct via_pieces *old,
			       const struct via_pieces *new);

/**
 * diff_texts - the unified difference of two texts, three lines of context; "" for none
 * @old_name, @new_name: as behind "---" and "+++"
 */
const char *diff_texts(struct via_arena *arena, const char *old_name, const char *new_name,
		       struct via_span old, struct via_span new);

/* diff_files - likewise of a file's two states: /dev/null, "Binary files" and modes are told */
const char *diff_files(struct via_arena *arena, const char *path, const struct via_file *old,
		       const struct via_file *new);
