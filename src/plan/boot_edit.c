/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words put into, and taken out of, the files of an owner that lines are made from. */
#include <errno.h>
#include <string.h>

#include "decode/boot_words.h"
#include "decode/line.h"
#include "decode/line_edit.h"
#include "plan/boot_part.h"
#include "plan/file.h"
#include "plan/goal.h"

/* A file on its way through several of its lines. */
struct rewrite {
	const struct via_boot_state *state;
	struct via_span content;
};

struct rewrites {
	struct rewrite *items;
	size_t count, capacity;
};

static struct rewrite *rewrite_of(struct via_plan *plan, struct rewrites *rewrites,
				  const struct via_boot_state *state)
{
	struct rewrite *rewrite;

	via_for_each (found, rewrites)
		if (strcmp(found->state->path, state->path) == 0)
			return found;
	rewrite = via_list_add(plan->arena, rewrites);
	*rewrite = (struct rewrite){ state, state->file.content };
	return rewrite;
}

/* What a key that lacks stands for goes before what is added to it. */
static struct via_names with_implied(struct via_plan *plan, const struct via_boot_line *line,
				     struct via_span content, const struct via_names *add)
{
	struct via_names words = { 0 }, there = { 0 };

	if (line->implied && line_words(plan->arena, &line->where, content, &there, NULL) == 0 &&
	    !there.count)
		words_split(plan->arena, line->implied, &words);
	via_for_each (word, add)
		*via_list_add(plan->arena, &words) = *word;
	return words;
}

static int edit_line(struct via_plan *plan, struct rewrites *rewrites,
		     const struct via_boot_line *line, const struct via_names *add,
		     const struct via_names *remove, struct via_error *error)
{
	struct rewrite *rewrite = rewrite_of(plan, rewrites, &line->state);
	struct via_names words;
	int r;

	if (!line->state.file.there && line->where.format != VIA_LINE_SHELL) {
		if (!line->adds)
			return 0;
		if (!line->implied)
			return error_set(
				error, -ENOENT, "plan", line->state.path,
				"it is not there, and what it would have to hold is untold");
		rewrite->content = span_of_text(arena_printf(plan->arena, "%s\n", line->implied));
	}
	r = line_remove(plan->arena, &line->where, rewrite->content, remove, &rewrite->content,
			error);
	if (r < 0 || !line->adds)
		return line->adds ? r : 0;
	words = with_implied(plan, line, rewrite->content, add);
	return line_add(plan->arena, &line->where, rewrite->content, &words, &rewrite->content,
			error);
}

static void finish_rewrites(struct via_plan *plan, const struct rewrites *rewrites, const char *why)
{
	via_for_each (rewrite, rewrites) {
		struct via_file *before = arena_memdup(plan->arena, &rewrite->state->file,
						       sizeof(rewrite->state->file));
		struct via_file after = *before;

		if (!rewrite->content.size && !before->there)
			continue;
		after.there = true;
		after.content = rewrite->content;
		plan_file(plan, rewrite->state->path, before, &after, why);
	}
}

void boot_edit_lines(struct via_plan *plan, const struct via_boot_change *change,
		     const struct via_names *add, const struct via_names *remove, const char *why)
{
	struct rewrites rewrites = { 0 };

	via_for_each (line, &change->lines) {
		struct via_error error = { 0 };

		if (!boot_readable(plan, &line->state))
			return;
		if (edit_line(plan, &rewrites, line, add, remove, &error) < 0) {
			plan_refuse(plan, line->state.path,
				    arena_printf(plan->arena, "by hand: add %s to it",
						 boot_joined(plan, add)),
				    "%s: %s", error.where, error.why);
			return;
		}
	}
	finish_rewrites(plan, &rewrites, why);
}
