/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/last_words.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/names.h"
#include "base/parse.h"
#include "decode/line.h"

enum { RECORD_BYTES = 256 * 1024 };

/* The file system itself, and where systemd-pstore puts what it found there. */
static const char *const places[] = { "sys/fs/pstore", "var/lib/systemd/pstore" };

static const char *const marks[] = { "Kernel panic", "Oops", "BUG:", "Unable to mount root" };

static const char *find_line(struct via_arena *arena, struct via_span text)
{
	char *line;

	while ((line = line_next(arena, &text)))
		for (size_t i = 0; i < VIA_COUNT(marks); i++)
			if (strstr(line, marks[i]))
				return strstr(line, marks[i]);
	return NULL;
}

const char *boot_last_words(const struct via_root *root, struct via_arena *arena)
{
	const char *found = NULL;

	for (size_t i = 0; !found && i < VIA_COUNT(places); i++) {
		struct via_names names;

		root_entries(root, arena, &names, "%s", places[i]);
		via_for_each (name, &names) {
			struct via_blob blob =
				root_blob(root, arena, RECORD_BYTES, "%s/%s", places[i], *name);

			if (!found && fact_is(&blob.fact, VIA_PRESENT) &&
			    text_starts(*name, "dmesg"))
				found = find_line(arena, blob.span);
		}
	}
	return found;
}
