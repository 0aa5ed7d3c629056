/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 3 };

/* A text that grows. */
struct text {
	struct via_arena *arena;
	char *bytes;
	size_t size, room;
};

static void add(struct text *text, const char *bytes, size_t size)
{
	if (text->size + size + 1 > text->room) {
		char *more;

		text->room = 2 * (text->size + size + 1);
		more = arena_alloc(text->arena, text->room);
		memcpy(more, text->bytes, text->size);
		text->bytes = more;
	}
	memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
	text->bytes[text->size] = '\0';
}

static void add_line(struct text *text, char mark, const struct via_piece *line)
{
	add(text, &mark, 1);
	add(text, line->text, line->length);
	if (line->text[line->length - 1] != '\n')
		add(text, "\n\\ No newline at end of file\n", 29);
}

static void add_range(struct text *text, char mark, size_t start, size_t count)
{
	char range[64];
	int n = count == 1 ? snprintf(range, sizeof(range), " %c%zu", mark, start + 1)
			   : snprintf(range, sizeof(range), " %c%zu,%zu", mark,
				      count ? start + 1 : start, count);

	add(text, range, (size_t)n);
}

/* Changes [first, last) that stand close enough to share their context. */
static void add_hunk(struct text *text, const struct via_pieces *old, const struct via_pieces *new,
		     const struct via_change *first, const struct via_change *last)
{
	size_t lead = first->old_at < CONTEXT ? first->old_at : CONTEXT;
	const struct via_change *end = last - 1;
	size_t after = end->old_at + end->old_count;
	size_t trail = old->count - after < CONTEXT ? old->count - after : CONTEXT;
	size_t at = first->old_at - lead;

	add(text, "@@", 2);
	add_range(text, '-', at, after + trail - at);
	add_range(text, '+', first->new_at - lead,
		  end->new_at + end->new_count + trail - (first->new_at - lead));
	add(text, " @@\n", 4);
	for (const struct via_change *change = first; change < last; change++) {
		while (at < change->old_at)
			add_line(text, ' ', &old->items[at++]);
		for (; at < change->old_at + change->old_count; at++)
			add_line(text, '-', &old->items[at]);
		for (size_t i = 0; i < change->new_count; i++)
			add_line(text, '+', &new->items[change->new_at + i]);
	}
	while (at < after + trail)
		add_line(text, ' ', &old->items[at++]);
}

const char *diff_texts(struct via_arena *arena, const char *old_name, const char *new_name,
		       struct via_span old, struct via_span new)
{
	const struct via_pieces old_lines = pieces_lines(arena, old);
	const struct via_pieces new_lines = pieces_lines(arena, new);
	const struct via_changes changes = diff_pieces(arena, &old_lines, &new_lines);
	struct text text = { .arena = arena, .bytes = arena_strdup(arena, "") };
	const char *head = arena_printf(arena, "--- %s\n+++ %s\n", old_name, new_name);
	size_t next;

	if (changes.count)
		add(&text, head, strlen(head));
	for (size_t i = 0; i < changes.count; i = next) {
		const struct via_change *change = &changes.items[i];

		for (next = i + 1; next < changes.count; next++, change++)
			if (change[1].old_at - change->old_at - change->old_count > 2 * CONTEXT)
				break;
		add_hunk(&text, &old_lines, &new_lines, &changes.items[i], &changes.items[next]);
	}
	return text.bytes;
}

const char *diff_files(struct via_arena *arena, const char *path, const struct via_file *old,
		       const struct via_file *new)
{
	const char *head = "";

	if (old->there && new->there && old->mode != new->mode)
		head = arena_printf(arena, "old mode %04o\nnew mode %04o\n", old->mode, new->mode);
	else if (old->there != new->there)
		head = arena_printf(arena, "%s file mode %04o\n", new->there ? "new" : "deleted",
				    new->there ? new->mode : old->mode);
	if (!span_is_text(old->content) || !span_is_text(new->content))
		return arena_printf(arena, "%sBinary file %s: %zu bytes, then %zu\n", head, path,
				    old->content.size, new->content.size);
	return arena_printf(arena, "%s%s", head,
			    diff_texts(arena, old->there ? path : "/dev/null",
				       new->there ? path : "/dev/null", old->content,
				       new->content));
}
