/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory in large pages. Gigabytes by words on the kernel's line, since later there is hardly
 * a whole one free; the processor's smaller size by sysctl, which needs no new line.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/parse.h"
#include "decode/boot_words.h"
#include "plan/boot.h"
#include "plan/goal.h"

struct pages {
	uint64_t size_kib, count;
	const char *size;
	uint64_t node;
	bool on_node;
};

/* "1G", "2M": in KiB; 0 for what is no size. */
static uint64_t size_of(struct via_arena *arena, const char *text)
{
	size_t length = strlen(text);
	char last = length ? text[length - 1] : 0;
	uint64_t number;

	if (length < 2 || parse_u64(arena_strndup(arena, text, length - 1), 10, &number) < 0 ||
	    number > 1024 * 1024)
		return 0;
	return last == 'G' ? number << 20 : last == 'M' ? number << 10 : last == 'K' ? number : 0;
}

/* SIZE=N or SIZE=N@NODE */
static int read_word(struct via_arena *arena, const char *word, struct pages *ret)
{
	char *text = arena_strdup(arena, word), *equals = strchr(text, '='), *at;

	*ret = (struct pages){ 0 };
	if (!equals)
		return -EINVAL;
	*equals++ = '\0';
	at = strchr(equals, '@');
	if (at) {
		*at++ = '\0';
		ret->on_node = true;
		if (parse_u64(at, 10, &ret->node) < 0)
			return -EINVAL;
	}
	ret->size = text;
	ret->size_kib = size_of(arena, text);
	return ret->size_kib ? parse_u64(equals, 10, &ret->count) : -EINVAL;
}

static const struct via_hugepages *pool_of(const struct via_host *host, uint64_t size_kib)
{
	via_for_each (pool, &host->kernel.tuning.hugepages)
		if (pool->node < 0 && pool->size_kib == size_kib)
			return pool;
	return NULL;
}

static bool refuse_pages(struct via_plan *plan, const struct via_host *host, const char *word,
			 const struct pages *pages)
{
	const struct via_fact *memory = &host->kernel.tuning.memory;
	uint64_t bytes = pages->size_kib * 1024 * pages->count;
	size_t before = plan->refused.count;

	if (fact_is(&host->kernel.tuning.hugepages_known, VIA_UNKNOWN))
		plan_refuse(plan, word, NULL, "which sizes there are could not be told (%s)",
			    errno_name(host->kernel.tuning.hugepages_known.error));
	else if (!pool_of(host, pages->size_kib))
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

static void plan_by_sysctl(struct via_plan *plan, const struct via_host *host,
			   const struct pages *pages)
{
	const struct via_boot_state *state = &host->boot.drop_ins.hugepages;

	plan_text_file(plan, state, 0644,
		       arena_printf(plan->arena,
				    "# made by viaduct: pages of %s\nvm.nr_hugepages = %" PRIu64
				    "\n",
				    pages->size, pages->count),
		       "memory in pages of that size, from boot on");
	if (!plan->actions.count)
		return;
	plan_risk(plan,
		  "%" PRIu64 " MiB are gone for all else; where memory is in pieces the kernel "
		  "may find fewer (cat /proc/meminfo tells)",
		  pages->size_kib / 1024 * pages->count);
	plan_risk(plan, "for now, without a reboot: sysctl -p %s", state->path);
	plan_by_hand(plan, "remove %s, then sysctl vm.nr_hugepages=0", state->path);
}

static int plan_hugepages(const struct via_host *host, const char *const *words, size_t count,
			  struct via_plan *plan, struct via_error *error)
{
	for (size_t i = 0; i < count; i++) {
		struct pages pages;

		if (read_word(plan->arena, words[i], &pages) < 0) {
			error_set(error, -EINVAL, "plan hugepages", words[i], "that is not SIZE=N");
			return error_hint(error, "for instance: hugepages 1G=16, hugepages 1G=8@0");
		}
		if (refuse_pages(plan, host, words[i], &pages))
			continue;
		if (pages.size_kib == 2048 && !pages.on_node)
			plan_by_sysctl(plan, host, &pages);
		else
			plan_by_line(plan, host, words[i], &pages);
	}
	if (count)
		return 0;
	error_set(error, -EINVAL, "plan", "hugepages", "no SIZE=N named");
	return error_hint(error, "for instance: hugepages 1G=16");
}

const struct via_goal_kind goal_hugepages = {
	.name = "hugepages",
	.arguments = "SIZE=N[@NODE]...",
	.summary = "set memory aside in large pages, from the next boot on",
	.plan = plan_hugepages,
};
