/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/kernel_log.h"

/* A line is one line, and fit to be shown. */
static void judge(const struct via_kernel_log *log)
{
	via_for_each (event, &log->events)
		for (const char *c = event->line; *c; c++)
			if ((unsigned char)*c < ' ' && *c != '\t')
				abort();
	if (log->stamped > log->lines || log->events.count > log->lines)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span text = { .data = data, .size = size };
	struct via_kernel_log log;
	struct via_log_groups groups;

	kernel_log_decode(arena, text, &log);
	judge(&log);
	kernel_log_groups(arena, &log, &groups);
	if (groups.list.count > log.events.count)
		abort();
	text.data = (const uint8_t *)kernel_log_extract(arena, text);
	text.size = strlen((const char *)text.data);
	kernel_log_decode(arena, text, &log);
	judge(&log);
	return 0;
}
