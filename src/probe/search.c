/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

static const char *line_start(const char *text, size_t size, const char *key)
{
	size_t length = strlen(key);

	for (const char *at = text, *end = text + size; at && at + length <= end;) {
		if (memcmp(at, key, length) == 0)
			return at + length;
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	return NULL;
}

struct via_fact probe_search_blob(const struct via_blob *blob, struct via_arena *arena,
				  const char *key)
{
	const char *text = (const char *)blob->span.data, *at, *end;

	if (!fact_is(&blob->fact, VIA_PRESENT))
		return blob->fact;
	at = line_start(text, blob->span.size, key);
	if (!at)
		return fact_absent(blob->fact.path);
	end = memchr(at, '\n', (size_t)(text + blob->span.size - at));
	if (!end)
		end = text + blob->span.size;
	return fact_present(blob->fact.path, arena_strndup(arena, at, (size_t)(end - at)), 1);
}

struct via_fact probe_search(const struct via_root *root, struct via_arena *arena, const char *path,
			     size_t limit, const char *key)
{
	struct via_blob blob = root_blob(root, arena, limit, "%s", path);

	return probe_search_blob(&blob, arena, key);
}

/* Where the folder above is not there either, the one above that may tell. */
static struct via_fact above_tells(const struct via_root *root, struct via_arena *arena,
				   const char *path, struct via_fact untold)
{
	char *above = arena_strdup(arena, path), *slash = strrchr(above, '/');
	struct via_fact there;

	if (!slash || untold.error != ENODATA)
		return untold;
	*slash = '\0';
	there = root_exists(root, arena, "%s", above);
	return fact_is(&there, VIA_ABSENT) ? fact_absent(path) : untold;
}

struct via_fact probe_entries(const struct via_root *root, struct via_arena *arena,
			      struct via_names *ret, const char *path)
{
	struct via_fact there = root_exists(root, arena, "%s", path);

	*ret = (struct via_names){ 0 };
	if (fact_is(&there, VIA_PRESENT))
		return root_entries(root, arena, ret, "%s", path);
	return fact_is(&there, VIA_UNKNOWN) ? above_tells(root, arena, path, there) : there;
}
