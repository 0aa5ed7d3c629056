/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory in large pages. Gigabytes by words on the kernel's line, since later there is hardly
 * a whole one free; the processor's smaller size now, and at each boot by sysctl, or by the line
 * where it is to be one node's, or is to be had before memory is in pieces.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/hugepage_pool.h"
#include "base/parse.h"
#include "decode/boot_words.h"
#include "plan/boot.h"
#include "plan/goal.h"

enum { SMALL_KIB = 2048 };

struct pages {
	uint64_t size_kib, count;
	const char *size;
	uint64_t node;
	bool on_node, at_boot;
};

/* SIZE=N[@NODE][,boot] */
static int read_word(struct via_arena *arena, const char *word, struct pages *ret)
{
	char *text = arena_strdup(arena, word), *equals = strchr(text, '='), *at, *comma;

	*ret = (struct pages){ 0 };
	if (!equals)
		return -EINVAL;
	*equals++ = '\0';
	comma = strchr(equals, ',');
	if (comma) {
		*comma++ = '\0';
		ret->at_boot = true;
		if (strcmp(comma, "boot") != 0)
			return -EINVAL;
	}
	at = strchr(equals, '@');
	if (at) {
		*at++ = '\0';
		ret->on_node = true;
		if (parse_u64(at, 10, &ret->node) < 0)
			return -EINVAL;
	}
	ret->size = text;
	ret->size_kib = hugepage_size_kib(text);
	return ret->size_kib ? parse_u64(equals, 10, &ret->count) : -EINVAL;
}

/* @node: -1: the whole host's */
static const struct via_hugepages *pool_of(const struct via_host *host, uint64_t size_kib,
					   int64_t node)
{
	via_for_each (pool, &host->kernel.tuning.hugepages)
		if (pool->node == node && pool->size_kib == size_kib)
			return pool;
	return NULL;
}

/* Nodes are looked into where there are several, and any pages (probe/tuning.c). */
static struct via_fact pages_now(const struct via_host *host, const struct pages *pages)
{
	const struct via_hugepages *whole = pool_of(host, pages->size_kib, -1);
	const struct via_hugepages *own =
		pages->on_node ? pool_of(host, pages->size_kib, (int64_t)pages->node) : whole;

	if (!own)
		own = whole;
	return own ? own->total : fact_unknown("sys/kernel/mm/hugepages", ENODATA);
}

static bool refuse_pages(struct via_plan *plan, const struct via_host *host, const char *word,
			 const struct pages *pages)
{
	const struct via_fact *memory = &host->kernel.tuning.memory;
	uint64_t bytes = pages->size_kib * 1024 * pages->count;
	size_t before = plan->refused.count;

	if (host->image)
		plan_risk(plan, "an image does not tell how much memory its host will have, nor "
				"which sizes of pages");
	else if (fact_is(&host->kernel.tuning.hugepages_known, VIA_UNKNOWN))
		plan_refuse(plan, word, NULL, "which sizes there are could not be told (%s)",
			    errno_name(host->kernel.tuning.hugepages_known.error));
	else if (!pool_of(host, pages->size_kib, -1))
		plan_refuse(plan, word, NULL, "this host has no huge pages of that size");
	if (pages->count > UINT64_MAX / (pages->size_kib * 1024) ||
	    (fact_is(memory, VIA_PRESENT) && bytes > memory->number / 10 * 9))
		plan_refuse(plan, word, "leave the host a tenth of its memory at least",
			    "that is more than nine tenths of all memory (%" PRIu64 " MiB)",
			    fact_number(memory, 0) >> 20);
	return plan->refused.count > before;
}

/* A pair for that size on the configured line: what it says now. */
static const char *pair_now(struct via_plan *plan, const struct via_host *host, const char *size)
{
	const char *line = fact_text(&host->boot.configured);
	const char *start = arena_printf(plan->arena, "hugepagesz=%s", size);
	struct via_names words;

	words_split(plan->arena, line ? line : "", &words);
	for (size_t i = 0; i + 1 < words.count; i++)
		if (strcmp(words.items[i], start) == 0 &&
		    text_starts(words.items[i + 1], "hugepages="))
			return words.items[i + 1];
	return NULL;
}

static void plan_by_line(struct via_plan *plan, const struct via_host *host, const char *word,
			 const struct pages *pages)
{
	const char *number =
		pages->on_node ? arena_printf(plan->arena, "hugepages=%" PRIu64 ":%" PRIu64,
					      pages->node, pages->count)
			       : arena_printf(plan->arena, "hugepages=%" PRIu64, pages->count);
	const char *pair = arena_printf(plan->arena, "hugepagesz=%s %s", pages->size, number);
	const char *now = pair_now(plan, host, pages->size);
	struct via_names add = { 0 }, none = { 0 };

	if (now && strcmp(now, number) != 0) {
		plan_refuse(plan, word, "change it there, or take it out first",
			    "the line has hugepagesz=%s %s already", pages->size, now);
		return;
	}
	*via_list_add(plan->arena, &add) = pair;
	plan_words(plan, host, &add, &none, "memory in pages of that size, set aside at boot");
	if (!plan_does_nothing(plan))
		plan_risk(plan, "%" PRIu64 " MiB are gone for all else, from boot on",
			  pages->size_kib / 1024 * pages->count);
}

/* Now: what the kernel finds is read back, and fewer than asked for is no success. */
static bool plan_now(struct via_plan *plan, const struct via_host *host, const char *word,
		     const struct pages *pages)
{
	const struct via_hugepage_pool pool = { pages->size_kib, pages->on_node, pages->node };
	struct via_fact now = pages_now(host, pages);

	if (!fact_is(&now, VIA_PRESENT)) {
		plan_refuse(plan, word, NULL, "how many there are now could not be told (%s)",
			    errno_name(now.error));
		return false;
	}
	if (now.number == pages->count)
		return true;
	plan_act(plan, VIA_ACTION_HUGEPAGES, hugepage_pool_name(&pool, plan->arena),
		 arena_printf(plan->arena, "%llu", (unsigned long long)now.number),
		 arena_printf(plan->arena, "%" PRIu64, pages->count),
		 "memory in pages of that size, now");
	plan_risk(plan,
		  "%" PRIu64 " MiB are gone for all else; where memory is in pieces the kernel "
		  "finds fewer, and then nothing is changed (%s,boot has them set aside before)",
		  pages->size_kib / 1024 * pages->count, word);
	return true;
}

static void plan_by_sysctl(struct via_plan *plan, const struct via_host *host,
			   const struct pages *pages)
{
	const struct via_boot_state *state = &host->boot.drop_ins.hugepages;
	size_t before = plan->actions.count;

	plan_text_file(plan, state, 0644,
		       arena_printf(plan->arena,
				    "# made by viaduct: pages of %s\nvm.nr_hugepages = %" PRIu64
				    "\n",
				    pages->size, pages->count),
		       "the same at each boot");
	if (plan->actions.count == before)
		return;
	plan->actions.items[before].effect = plan->actions.items[before].undo = VIA_EFFECT_NOW;
	plan_by_hand(plan, "remove %s, then sysctl vm.nr_hugepages=0", state->path);
}

static void plan_pages(struct via_plan *plan, const struct via_host *host, const char *word,
		       const struct pages *pages)
{
	bool small = pages->size_kib == SMALL_KIB && !pages->at_boot;

	if (small && !host->image && !plan_now(plan, host, word, pages))
		return;
	if (small && !pages->on_node)
		plan_by_sysctl(plan, host, pages);
	else
		plan_by_line(plan, host, word, pages);
}

static int plan_hugepages(const struct via_host *host, const char *const *words, size_t count,
			  struct via_plan *plan, struct via_error *error)
{
	for (size_t i = 0; i < count; i++) {
		struct pages pages;

		if (read_word(plan->arena, words[i], &pages) < 0) {
			error_usage(error, "plan hugepages", words[i], "that is not SIZE=N");
			return error_hint(error, "for instance: hugepages 1G=16, hugepages 1G=8@0");
		}
		if (refuse_pages(plan, host, words[i], &pages))
			continue;
		plan_pages(plan, host, words[i], &pages);
	}
	if (count)
		return 0;
	error_usage(error, "plan", "hugepages", "no SIZE=N named");
	return error_hint(error, "for instance: hugepages 1G=16");
}

const struct via_goal_kind goal_hugepages = {
	.name = "hugepages",
	.arguments = "SIZE=N[@NODE][,boot]...",
	.summary = "set memory aside in large pages: of 2 MiB now, and from the next boot on",
	.plan = plan_hugepages,
};
