/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/text_bench.h"

#include <string.h>

#include "base/cleanup.h"
#include "render/bench_words.h"

enum { ID = 18, TIME = 10, SPREAD = 22, RATE = 10, INDENT = 4 };

static void column(const struct via_paper *paper, unsigned int width, const char *text)
{
	fprintf(paper->file, "%*s", (int)(width - paper_columns(text)), "");
	paper_print(paper, VIA_STYLE_PLAIN, "%s", text);
}

/* With what was used, and what the earlier run used in its place. */
static const char *title_of(struct via_arena *arena, const struct via_measure *measure)
{
	const char *title = measure->title;

	if (measure->note)
		title = arena_printf(arena, "%s (%s)", title, measure->note);
	if (measure->earlier_note)
		title = arena_printf(arena, "%s (earlier: %s)", title, measure->earlier_note);
	return title;
}

static void print_measure(const struct via_paper *paper, struct via_arena *arena,
			  const struct via_measure *measure)
{
	const char *ratio = words_ratio(arena, measure);

	fprintf(paper->file, "%*s", INDENT, "");
	paper_pad(paper, VIA_STYLE_PLAIN, ID, measure->id);
	column(paper, TIME, words_duration(arena, measure->median, paper->utf8));
	column(paper, SPREAD,
	       arena_printf(arena, "%s - %s", words_duration(arena, measure->low, paper->utf8),
			    words_duration(arena, measure->high, paper->utf8)));
	if (measure->bytes)
		column(paper, RATE + 2,
		       arena_printf(
			       arena, "%sB/s",
			       words_rate(arena, (double)measure->bytes * 1e9 / measure->median)));
	else
		column(paper, RATE + 2,
		       arena_printf(arena, "%s/s", words_rate(arena, 1e9 / measure->median)));
	if (ratio)
		column(paper, TIME - 2, ratio);
	fputc('\n', paper->file);
	fprintf(paper->file, "%*s", INDENT + 2, "");
	paper_fill(paper, VIA_STYLE_DIM, INDENT + 2, INDENT + 2, title_of(arena, measure));
}

static void print_measured(const struct via_paper *paper, struct via_arena *arena,
			   const struct via_bench *bench)
{
	const struct via_measure *last = NULL;

	via_for_each (measure, &bench->measures) {
		if (!measure->count)
			continue;
		if (!last || last->generation != measure->generation)
			paper_print(paper, VIA_STYLE_BOLD, "  %s\n",
				    generation_name(measure->generation));
		print_measure(paper, arena, measure);
		last = measure;
	}
}

/* Neighbours that cannot be measured for one reason share it. */
static void print_missing(const struct via_paper *paper, struct via_arena *arena,
			  const struct via_bench *bench)
{
	const struct via_measure *last = NULL;
	bool any = false;

	via_for_each (measure, &bench->measures) {
		if (measure->count)
			continue;
		if (!any)
			paper_print(paper, VIA_STYLE_BOLD, "  not measurable here\n");
		any = true;
		if (last && strcmp(last->why, measure->why) != 0)
			paper_wrap(paper, VIA_STYLE_DIM, INDENT + 2,
				   arena_printf(arena, "because: %s", last->why));
		fprintf(paper->file, "%*s", INDENT, "");
		paper_fill(paper, VIA_STYLE_PLAIN, INDENT, INDENT + 2,
			   arena_printf(arena, "%s: %s", measure->id, measure->title));
		last = measure;
	}
	if (last)
		paper_wrap(paper, VIA_STYLE_DIM, INDENT + 2,
			   arena_printf(arena, "because: %s", last->why));
}

static void print_orders(const struct via_paper *paper, const struct via_bench *bench)
{
	via_for_each (order, &bench->orders)
		if (order->known && !order->holds)
			paper_print(paper, VIA_STYLE_CARE,
				    "  %s %s should cost more than %s: measure again, on a quiet "
				    "host\n",
				    paper_symbol(paper, "▲", "!"), order->more, order->less);
}

void text_bench(const struct via_paper *paper, const struct via_bench *bench)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	paper_print(paper, VIA_STYLE_BOLD, "What I/O virtualization costs on this host\n");
	paper_wrap(paper, VIA_STYLE_DIM, 2, words_host(arena, &bench->host));
	paper_wrap(paper, VIA_STYLE_DIM, 2,
		   "median, quartiles, how many a second from one thread; last column: against "
		   "the earlier run");
	print_measured(paper, arena, bench);
	print_missing(paper, arena, bench);
	print_orders(paper, bench);
	if (bench->earlier_time)
		paper_print(paper, VIA_STYLE_DIM, "  compared with %s\n", bench->earlier_time);
}
