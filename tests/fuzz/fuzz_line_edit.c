/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first byte chooses the format: words that are put into any file at all are there
 * afterwards, and taking them out again gives the same bytes.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/line_edit.h"

static const char *const keys[] = {
	[VIA_LINE_SHELL] = "X",
	[VIA_LINE_YAML] = "m",
	[VIA_LINE_FORMATS] = NULL,
};

/* Whether a name of ours is there already: then what is taken out may be the owner's. */
static bool meets_ours(const struct via_names *there, const struct via_names *ours)
{
	via_for_each (word, there)
		via_for_each (own, ours)
			if (word_same_name(*word, *own))
				return true;
	return false;
}

static void check(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
		  const struct via_names *ours)
{
	struct via_names before, after;
	struct via_span added, back;

	if (line_words(arena, where, text, &before, NULL) < 0 ||
	    line_add(arena, where, text, ours, &added, NULL) < 0)
		return;
	if (line_words(arena, where, added, &after, NULL) < 0)
		abort();
	via_for_each (word, ours) {
		bool found = false;

		via_for_each (other, &after)
			found |= word_same_name(*other, *word);
		if (!found)
			abort();
	}
	/* A line that says it was added here goes with its last word. */
	if (meets_ours(&before, ours) || memmem(text.data, text.size, "# added by viaduct", 18))
		return;
	if (line_remove(arena, where, added, ours, &back, NULL) < 0 || back.size != text.size ||
	    (text.size && memcmp(back.data, text.data, text.size) != 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *words[] = { "vfio-pci.ids=1:2,3:4", "iommu=pt" };
	static const struct via_names ours = { words, 2, 2 };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_line_where where = { .entry = 0 };

	if (!size)
		return 0;
	where.format = (enum via_line_format)(data[0] % VIA_LINE_FORMATS);
	where.key = where.format < VIA_COUNT(keys) ? keys[where.format] : NULL;
	where.entry = data[0] / VIA_LINE_FORMATS % 2;
	check(arena, &where, (struct via_span){ data + 1, size - 1 }, &ours);
	return 0;
}
