/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/bench_words.h"

/* Three figures, and no more zeros than that. */
static const char *figures(struct via_arena *arena, double value, const char *unit)
{
	int behind = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;

	return arena_printf(arena, "%.*f%s", behind, value, unit);
}

const char *words_duration(struct via_arena *arena, double nanoseconds, bool utf8)
{
	if (nanoseconds < 999.5)
		return figures(arena, nanoseconds, " ns");
	if (nanoseconds < 999.5e3)
		return figures(arena, nanoseconds / 1e3, utf8 ? " µs" : " us");
	if (nanoseconds < 999.5e6)
		return figures(arena, nanoseconds / 1e6, " ms");
	return figures(arena, nanoseconds / 1e9, " s");
}

const char *words_rate(struct via_arena *arena, double a_second)
{
	if (a_second < 999.5)
		return figures(arena, a_second, "");
	if (a_second < 999.5e3)
		return figures(arena, a_second / 1e3, " k");
	if (a_second < 999.5e6)
		return figures(arena, a_second / 1e6, " M");
	return figures(arena, a_second / 1e9, " G");
}

static char *add(struct via_arena *arena, char *text, const char *name, const char *value)
{
	if (!value)
		return text;
	return arena_printf(arena, "%s%s%s%s", text, *text ? ", " : "", name, value);
}

const char *words_host(struct via_arena *arena, const struct via_occasion *host)
{
	char *text = add(arena, arena_strdup(arena, ""), "", host->cpu);

	text = add(arena, text, "Linux ", host->kernel);
	text = add(arena, text, "KVM by ", host->backend);
	text = add(arena, text, "IOMMU domain ", host->domain);
	text = add(arena, text, "microcode ", host->microcode);
	text = add(arena, text, "board ", host->board);
	return add(arena, text, "firmware ", host->firmware);
}

const char *words_ratio(struct via_arena *arena, const struct via_measure *measure)
{
	if (!measure->count || !measure->earlier)
		return NULL;
	return arena_printf(arena, "%.2fx", measure->median / measure->earlier);
}
