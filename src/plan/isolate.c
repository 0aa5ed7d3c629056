/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processors set aside for guests. By words on the kernel's line: nothing else keeps the
 * scheduler, timers, callbacks and managed interrupts away together; systemd's CPUAffinity
 * and cpusets only move processes, and a guest's threads would have to be moved back.
 */
#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "plan/boot.h"
#include "plan/goal.h"

enum { PROCESSORS = 8192 };

/* A list as the kernel reads it, "2-5,8". Return: 0; -EINVAL */
static int read_list(struct via_arena *arena, const char *text, bool *set)
{
	char *rest = arena_strdup(arena, text), *part;

	while ((part = strsep(&rest, ","))) {
		char *dash = strchr(part, '-');
		uint64_t first, last;

		if (dash)
			*dash = '\0';
		if (parse_u64(part, 10, &first) < 0 ||
		    parse_u64(dash ? dash + 1 : part, 10, &last) < 0 || first > last ||
		    last >= PROCESSORS)
			return -EINVAL;
		for (uint64_t i = first; i <= last; i++)
			set[i] = true;
	}
	return 0;
}

static bool refuse_list(struct via_plan *plan, const struct via_host *host, const char *list,
			const bool *asked)
{
	const struct via_fact *present = &host->kernel.tuning.processors;
	bool *there = arena_alloc(plan->arena, PROCESSORS);
	size_t left = 0;

	if (!fact_text(present) || read_list(plan->arena, present->text, there) < 0) {
		plan_refuse(plan, list, NULL, "which processors there are could not be told (%s)",
			    errno_name(present->error ? present->error : ENODATA));
		return true;
	}
	for (unsigned int i = 0; i < PROCESSORS; i++) {
		left += there[i] && !asked[i];
		if (!asked[i] || there[i])
			continue;
		plan_refuse(plan, list, NULL, "there is no processor %u; there are %s", i,
			    present->text);
		return true;
	}
	return left == 0;
}

static bool refuse_asked(struct via_plan *plan, const struct via_host *host, const char *list,
			 const bool *asked)
{
	if (asked[0]) {
		plan_refuse(plan, list, "leave 0 to the host",
			    "processor 0 keeps the time and starts the others: the host needs it");
		return true;
	}
	if (!host->image)
		return refuse_list(plan, host, list, asked);
	plan_risk(plan, "an image does not tell how many processors its host will have: those "
			"that it has not are left out, and one at least must stay");
	return false;
}

static void add_words(struct via_plan *plan, const struct via_host *host, const char *list,
		      struct via_names *add)
{
	*via_list_add(plan->arena, add) =
		arena_printf(plan->arena, "isolcpus=managed_irq,domain,%s", list);
	if (!kernel_option_is(&host->kernel, VIA_OPTION_NO_HZ_FULL, "n"))
		*via_list_add(plan->arena, add) = arena_printf(plan->arena, "nohz_full=%s", list);
	else
		plan_risk(plan, "this kernel is built without CONFIG_NO_HZ_FULL: the timer still "
				"interrupts these processors");
	if (!kernel_option_is(&host->kernel, VIA_OPTION_RCU_NOCB_CPU, "n"))
		*via_list_add(plan->arena, add) = arena_printf(plan->arena, "rcu_nocbs=%s", list);
}

static int plan_isolate(const struct via_host *host, const char *const *words, size_t count,
			struct via_plan *plan, struct via_error *error)
{
	bool *asked = arena_alloc(plan->arena, PROCESSORS);
	struct via_names add = { 0 }, none = { 0 };

	if (count != 1 || read_list(plan->arena, words[0], asked) < 0) {
		error_usage(error, "plan isolate", count ? words[0] : "",
			    "that is no list of processors");
		return error_hint(error, "for instance: isolate 2-7");
	}
	if (refuse_asked(plan, host, words[0], asked))
		return 0;
	add_words(plan, host, words[0], &add);
	plan_words(plan, host, &add, &none, "the host leaves these processors alone");
	if (!plan_does_nothing(plan))
		plan_risk(plan,
			  "nothing runs on %s unless it is put there: pin the guests' threads, "
			  "and leave the host enough",
			  words[0]);
	return 0;
}

const struct via_goal_kind goal_isolate = {
	.name = "isolate",
	.arguments = "CPUS",
	.summary = "set processors aside for guests, from the next boot on",
	.plan = plan_isolate,
};
