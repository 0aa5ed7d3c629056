/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/entry_copy.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/line.h"

static const char *copied(struct via_arena *arena, const struct via_entry_copy *copy,
			  const char *key, char *value, unsigned int *images)
{
	const char *out = "";

	if (strcmp(key, "title") == 0 || strcmp(key, "sort-key") == 0)
		return "";
	if (strcmp(key, "initrd") != 0 || !copy->image)
		return arena_printf(arena, "%s %s\n", key, value);
	for (const char *word; (word = line_word(&value));) {
		bool is_it = strcmp(word, copy->image) == 0;

		*images += is_it;
		out = arena_printf(arena, "%sinitrd %s\n", out, is_it ? copy->other_image : word);
	}
	return out;
}

int entry_copy(struct via_arena *arena, struct via_span text, const struct via_entry_copy *copy,
	       const char **ret)
{
	const char *out = arena_printf(arena, "# made by viaduct\ntitle %s\n", copy->title);
	unsigned int images = 0, kernels = 0;
	char *line, *value;

	while ((line = line_next(arena, &text))) {
		const char *key = line_key(line, &value);

		if (!key)
			continue;
		kernels += strcmp(key, "linux") == 0;
		out = arena_printf(arena, "%s%s", out, copied(arena, copy, key, value, &images));
	}
	if (kernels != 1)
		return -ENODATA;
	if (copy->image && images != 1)
		return -ENOENT;
	*ret = copy->words ? arena_printf(arena, "%soptions %s\n", out, copy->words) : out;
	return 0;
}
