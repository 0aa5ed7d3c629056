/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/svg_bench.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "render/bench_words.h"
#include "render/svg_text.h"

enum {
	WIDTH = 1000,
	MARGIN = 24,
	LABELS = 400, /* where the axis begins */
	VALUES = 840, /* and ends: values stand behind the marks */
	TOP = 96,
	ROW = 24,
	HEADING = 38,
	BELOW = 4, /* of the heading */
	LINE = 17,
	COLUMNS = 140, /* characters that fit across at 12 pixels */
};

struct picture {
	FILE *file;
	struct via_arena *arena;
	const struct via_bench *bench;
	int first, last; /* powers of ten of nanoseconds */
	double y;
};

/* Colours of the generations, for light and for dark readers. Plain rules: not every program that
 * shows pictures knows variables. */
static const char *const colours[VIA_GENERATIONS][2] = {
	{ "#c0392b", "#ff7b6b" }, { "#d35400", "#ff9d57" }, { "#9a7d0a", "#e8c547" },
	{ "#1e8449", "#58d68d" }, { "#2471a3", "#5dade2" }, { "#148f77", "#48c9b0" },
	{ "#7d3c98", "#c39bd3" }, { "#a04000", "#f0b27a" }, { "#6c3483", "#bb8fce" },
	{ "#566573", "#aab7b8" },
};

static const char light[] =
	"text{font:12px system-ui,'DejaVu Sans',sans-serif;fill:#1c2330}\n"
	".title{font-size:19px;font-weight:600}.head{font-size:13px;font-weight:600}"
	".value{font-weight:600}.tick{text-anchor:middle}\n"
	".dim,.tick{fill:#5d6778}.grid{stroke:#d9dee7;stroke-width:1}.back{fill:#ffffff}\n"
	".stem{stroke-width:2;opacity:.45}.spread{stroke-width:8;opacity:.35;"
	"stroke-linecap:round}\n";

static const char dark[] = "text{fill:#e6eaf2}.dim,.tick{fill:#9aa5b8}.grid{stroke:#333c4b}"
			   ".back{fill:#141922}\n";

static void write_colours(FILE *file, unsigned int which)
{
	for (unsigned int i = 0; i < VIA_GENERATIONS; i++)
		fprintf(file, ".g%u{fill:%s;stroke:%s}\n", i, colours[i][which], colours[i][which]);
}

static void write_style(FILE *file)
{
	fprintf(file, "<style>\n%s", light);
	write_colours(file, 0);
	fprintf(file, "@media(prefers-color-scheme:dark){\n%s", dark);
	write_colours(file, 1);
	fputs("}\n</style>\n", file);
}

static double place(const struct picture *picture, double nanoseconds)
{
	double share = (log10(nanoseconds) - picture->first) / (picture->last - picture->first);

	return LABELS + share * (VALUES - LABELS);
}

/* The decades that hold every median and every quartile. */
static void find_scale(struct picture *picture)
{
	double least = INFINITY, most = 0;

	via_for_each (measure, &picture->bench->measures) {
		if (!measure->count)
			continue;
		least = fmin(least, fmax(measure->low, 1e-3));
		most = fmax(most, measure->high);
	}
	if (!(most > 0)) {
		least = 1;
		most = 1e6;
	}
	picture->first = (int)floor(log10(least));
	picture->last = (int)ceil(log10(most));
	if (picture->last <= picture->first)
		picture->last = picture->first + 1;
}

static bool begins_generation(const struct via_measure *measure, const struct via_measure *last)
{
	return !last || last->generation != measure->generation;
}

static double rows_height(const struct via_bench *bench)
{
	const struct via_measure *last = NULL;
	double height = 0;

	via_for_each (measure, &bench->measures) {
		if (!measure->count)
			continue;
		height += ROW + (begins_generation(measure, last) ? HEADING : 0);
		last = measure;
	}
	return height;
}

/* "10 µs" */
static const char *tick(struct via_arena *arena, int power)
{
	static const char *const units[] = { "ns", "µs", "ms", "s" };
	int unit = power < 3 ? 0 : power / 3;

	unit = unit > 3 ? 3 : unit;
	return arena_printf(arena, "%g %s", pow(10, power - 3 * unit), units[unit]);
}

static void draw_axis(const struct picture *picture, double bottom)
{
	for (int power = picture->first; power <= picture->last; power++) {
		double x = place(picture, pow(10, power));

		fprintf(picture->file,
			"<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>\n", x,
			TOP, x, bottom);
		svg_text(picture->file, x, TOP - 8, "tick", tick(picture->arena, power));
	}
}

static void draw_heading(struct picture *picture, const struct via_measure *measure)
{
	picture->y += HEADING - BELOW;
	fprintf(picture->file,
		"<rect x=\"%d\" y=\"%.1f\" width=\"4\" height=\"14\" rx=\"2\" class=\"g%u\"/>\n",
		MARGIN, picture->y - 12, (unsigned int)measure->generation);
	svg_text(picture->file, MARGIN + 12, picture->y, "head",
		 generation_name(measure->generation));
	picture->y += BELOW;
}

static void draw_measure(struct picture *picture, const struct via_measure *measure)
{
	double x = place(picture, measure->median), low = place(picture, measure->low);
	double high = place(picture, measure->high), middle;
	const char *value = words_duration(picture->arena, measure->median, true);

	if (measure->bytes)
		value = arena_printf(
			picture->arena, "%s, %sB/s", value,
			words_rate(picture->arena, (double)measure->bytes * 1e9 / measure->median));
	picture->y += ROW;
	middle = picture->y - 12;
	svg_text(picture->file, MARGIN + 12, middle + 4, "dim", measure->title);
	fprintf(picture->file,
		"<g class=\"g%u\"><line x1=\"%d\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		"class=\"stem\"/><line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		"class=\"spread\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/></g>\n",
		(unsigned int)measure->generation, LABELS, middle, x, middle, low, middle, high,
		middle, x, middle);
	svg_text(picture->file, fmax(high, x) + 12, middle + 4, "value", value);
}

static void draw_rows(struct picture *picture)
{
	const struct via_measure *last = NULL;

	via_for_each (measure, &picture->bench->measures) {
		if (!measure->count)
			continue;
		if (begins_generation(measure, last))
			draw_heading(picture, measure);
		draw_measure(picture, measure);
		last = measure;
	}
	picture->y = TOP + rows_height(picture->bench);
}

/* One paragraph a reason: neighbours without a result share it. */
static void write_missing(struct picture *picture, FILE *file)
{
	const struct via_bench *bench = picture->bench;
	bool any = false;

	for (size_t i = 0; i < bench->measures.count; i++) {
		const struct via_measure *measure = &bench->measures.items[i];
		char *text = arena_strdup(picture->arena, generation_name(measure->generation));

		if (measure->count)
			continue;
		text = arena_printf(picture->arena, "%s: %s", text, measure->title);
		for (; i + 1 < bench->measures.count; i++) {
			const struct via_measure *next = &bench->measures.items[i + 1];

			if (next->count || strcmp(next->why, measure->why) != 0)
				break;
			text = arena_printf(picture->arena, "%s; %s", text, next->title);
		}
		if (!any && file)
			svg_text(file, MARGIN, picture->y + 24, "head", "Not measurable here");
		picture->y += any ? 8 : 48;
		any = true;
		picture->y +=
			LINE * svg_wrap(file, MARGIN, picture->y, LINE, COLUMNS, "line", text);
		picture->y +=
			LINE * svg_wrap(file, MARGIN + 16, picture->y, LINE, COLUMNS - 4, "dim",
					arena_printf(picture->arena, "because: %s", measure->why));
	}
}

static void write_head(const struct picture *picture, double height)
{
	fprintf(picture->file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" "
		"height=\"%.0f\" role=\"img\" aria-label=\"What I/O virtualization costs on this "
		"host\">\n",
		WIDTH, height, WIDTH, height);
	write_style(picture->file);
	fprintf(picture->file, "<rect width=\"%d\" height=\"%.0f\" class=\"back\"/>\n", WIDTH,
		height);
	svg_text(picture->file, MARGIN, 34, "title", "What I/O virtualization costs on this host");
	svg_wrap(picture->file, MARGIN, 54, LINE, COLUMNS, "dim",
		 words_host(picture->arena, &picture->bench->host));
}

int svg_bench(FILE *file, const struct via_bench *bench)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct picture picture = { .file = file, .arena = arena, .bench = bench };
	double bottom = TOP + rows_height(bench);

	find_scale(&picture);
	picture.y = bottom + LINE;
	write_missing(&picture, NULL);
	write_head(&picture, picture.y + LINE + MARGIN);
	draw_axis(&picture, bottom);
	picture.y = TOP;
	draw_rows(&picture);
	svg_text(file, MARGIN, bottom + LINE, "dim",
		 "time of one operation: median, the bar behind it from the first quartile "
		 "to the third; each line to the right is ten times slower");
	picture.y = bottom + LINE;
	write_missing(&picture, file);
	if (bench->host.time)
		svg_text(file, MARGIN, picture.y + LINE, "dim",
			 arena_printf(arena, "viaduct bench, %s", bench->host.time));
	fputs("</svg>\n", file);
	return ferror(file) ? -EIO : 0;
}
