/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"

static const char blanks[] = " \t\r";

struct via_fact lines_value(const struct via_fact *file, struct via_arena *arena, const char *key)
{
	const char *at = fact_text(file);
	size_t length;

	if (!at)
		return *file;
	while (at && !text_starts(at, key)) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	if (!at)
		return fact_absent(file->path);
	at += strlen(key);
	at += strspn(at, blanks);
	for (length = strcspn(at, "\n"); length && strchr(blanks, at[length - 1]);)
		length--;
	return fact_present(file->path, arena_strndup(arena, at, length), 1);
}

struct via_fact lines_number(const struct via_fact *file, struct via_arena *arena, const char *key,
			     int base)
{
	struct via_fact fact = lines_value(file, arena, key);
	char *end;

	if (!fact_text(&fact))
		return fact;
	fact.number = strtoull(fact.text, &end, base);
	if (end != fact.text)
		return fact;
	fact.known = VIA_UNKNOWN;
	fact.error = EBADMSG;
	return fact;
}
