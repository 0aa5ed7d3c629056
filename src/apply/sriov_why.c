/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/sriov_why.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/step.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "model/sriov_cause.h"

#define DEVICE "sys/bus/pci/devices/%s/"

enum { FRESH_MS = 60 * 1000, LOG_TAIL = 64 * 1024, VF_BAR_FIRST = 7, VF_BAR_LAST = 12 };

/* The end of the log: what was said just now. */
static const char *tail(struct via_arena *arena, struct via_span text)
{
	size_t kept = text.size < LOG_TAIL ? text.size : LOG_TAIL;

	return arena_strndup(arena, (const char *)text.data + text.size - kept, kept);
}

/* "<4>[   11.020647] igb 0000:01:00.0: …" */
static bool is_fresh(const char *line, uint64_t now_ms)
{
	const char *stamp = strchr(line, '[');
	uint64_t said_ms;

	if (!stamp)
		return false;
	said_ms = (uint64_t)(strtod(stamp + 1, NULL) * 1000);
	return said_ms + FRESH_MS >= now_ms;
}

/* Lines of the last minute that name the PF, without their stamps. */
static const char *said_of(const struct via_world *world, struct via_arena *arena, const char *pf)
{
	const char *text = "";
	struct via_fact log;
	char *save = NULL;

	if (!world->queries.ops)
		return text;
	log = query_kernel_log(&world->queries, arena, tail);
	if (!fact_text(&log))
		return text;
	for (char *line = strtok_r(arena_strdup(arena, log.text), "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		const char *at = strstr(line, pf);

		if (at && at[strlen(pf)] == ':' && is_fresh(line, step_clock_ms()))
			text = arena_printf(arena, "%s%s\n", text, at + strlen(pf) + 2);
	}
	return text;
}

/* Source: sysfs `resource`: lines 7 to 12 are the VFs' BARs, all zero where there is none */
static bool bars_unset(const struct via_world *world, struct via_arena *arena, const char *pf)
{
	struct via_fact fact = root_text(&world->root, arena, DEVICE "resource", pf);
	unsigned long long start, end, flags;
	char *save = NULL, *line;
	unsigned int n = 0;

	if (!fact_text(&fact))
		return false;
	for (line = strtok_r(arena_strdup(arena, fact.text), "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save), n++)
		if (n >= VF_BAR_FIRST && n <= VF_BAR_LAST &&
		    sscanf(line, "%llx %llx %llx", &start, &end, &flags) == 3 && flags && !start)
			return true;
	return false;
}

static uint64_t number(const struct via_world *world, struct via_arena *arena, const char *pf,
		       const char *attribute)
{
	struct via_fact fact = root_number(&world->root, arena, DEVICE "%s", pf, attribute);

	return fact_number(&fact, 0);
}

/* The last thing that was said, in as much as there is room for. */
static const char *quoted(struct via_arena *arena, const char *log)
{
	size_t length = strlen(log);
	const char *start;

	if (!length)
		return "";
	start = log + length - 1;
	while (start > log && start[-1] != '\n')
		start--;
	return arena_printf(arena, "; the kernel says: %.*s", (int)strcspn(start, "\n"), start);
}

void sriov_why(const struct via_world *world, const struct via_action *action, const char *value,
	       int code, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact driver = root_link(&world->root, arena, DEVICE "driver", action->target);
	struct via_sriov_refusal refusal = {
		.error = -code,
		.total = number(world, arena, action->target, "sriov_totalvfs"),
		.present = number(world, arena, action->target, "sriov_numvfs"),
		.driver = fact_text(&driver),
		.bars_unset = bars_unset(world, arena, action->target),
		.log = said_of(world, arena, action->target),
	};
	const struct via_sriov_cause *cause;

	parse_u64(value, 10, &refusal.wanted);
	cause = sriov_cause(&refusal);
	if (!cause)
		return;
	error_set(error, error->code, "apply", action->target, "%s VFs: %s (%s)%s", value,
		  cause->words,
		  code < 0 ? errno_name(-code)
			   : arena_printf(arena, "reads back \"%llu\"",
					  (unsigned long long)refusal.present),
		  quoted(arena, refusal.log));
	error_hint(error, "%s", cause->remedy);
}
