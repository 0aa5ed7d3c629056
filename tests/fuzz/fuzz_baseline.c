/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/baseline.h"

/* What was read is written, and reads back as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct via_arena *arena = arena_new();
	struct via_baseline was, again;
	struct via_baseline_changes changes;
	struct via_error error;
	const char *text;
	bool untold;

	if (baseline_read(arena, (struct via_span){ data, size }, "fuzz", &was, &error) == 0) {
		text = baseline_text(arena, &was);
		if (baseline_read(arena, (struct via_span){ (const uint8_t *)text, strlen(text) },
				  "fuzz", &again, &error) < 0 ||
		    again.functions.count != was.functions.count)
			abort();
		baseline_compare(arena, &was, &again, &changes, &untold);
		baseline_compare(arena, &again, &was, &changes, &untold);
	}
	arena_free(arena);
	return 0;
}
