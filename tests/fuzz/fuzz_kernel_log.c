/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/kernel_log.h"

/* What is extracted is extracted again unchanged, and tells the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span text = { .data = data, .size = size };
	struct via_kernel_log log;
	struct via_log_groups groups;
	const char *once, *twice;

	kernel_log_decode(arena, text, &log);
	kernel_log_groups(arena, &log, &groups);
	once = kernel_log_extract(arena, text);
	text = (struct via_span){ (const uint8_t *)once, strlen(once) };
	twice = kernel_log_extract(arena, text);
	if (strcmp(once, twice) != 0)
		abort();
	return 0;
}
