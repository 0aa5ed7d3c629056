/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/results.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/writer.h"
#include "base/cleanup.h"
#include "base/parse.h"

#define DIRECTORY "var/lib/viaduct/results"

enum { KEPT = 100 };

/* "2026-01-31T12:00:00Z" -> "2026-01-31T120000Z.json": no colon, and still in order */
static const char *name_of(struct via_arena *arena, const char *time)
{
	char *name = arena_strdup(arena, time), *to = name;

	for (const char *from = name; *from; from++)
		if (*from != ':' && *from != '/')
			*to++ = *from;
	*to = '\0';
	return arena_printf(arena, "%s.json", name);
}

/* names - of the results, the oldest first */
static int names_of(const struct via_root *root, struct via_arena *arena, const char *kind,
		    struct via_names *ret)
{
	struct via_names all;
	struct via_fact fact = root_entries(root, arena, &all, DIRECTORY "/%s", kind);

	*ret = (struct via_names){ 0 };
	if (fact.known == VIA_ABSENT)
		return 0;
	if (fact.known != VIA_PRESENT)
		return fact.error ? -fact.error : -EIO;
	via_for_each (name, &all)
		if (**name != '.' && text_ends(*name, ".json"))
			*via_list_add(arena, ret) = *name;
	return 0;
}

static void drop_oldest(const struct via_root *root, int directory, const char *kind)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names;

	if (names_of(root, arena, kind, &names) < 0)
		return;
	for (size_t i = 0; i + KEPT < names.count; i++)
		unlinkat(directory, names.items[i], 0);
}

int results_save(const struct via_root *root, const char *kind, const char *time, const char *text,
		 struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *path = arena_printf(arena, DIRECTORY "/%s", kind);
	_cleanup_close_ int directory = writer_directory(root, path, 0755);
	int r = directory < 0 ? directory
			      : writer_replace(directory, name_of(arena, time), text, strlen(text));

	if (r < 0) {
		error_set(error, r, "the result was not kept", path, NULL);
		if (r == -EACCES || r == -EPERM)
			error_hint(error, "run it as root");
		return r;
	}
	drop_oldest(root, directory, kind);
	return 0;
}

int results_latest(const struct via_root *root, struct via_arena *arena, const char *kind,
		   const char **ret_path, const char **ret_text)
{
	struct via_names names;
	struct via_blob blob;
	const char *name;
	int r = names_of(root, arena, kind, &names);

	if (r < 0)
		return r;
	if (!names.count)
		return -ENOENT;
	name = names.items[names.count - 1];
	blob = root_blob(root, arena, 1 << 20, DIRECTORY "/%s/%s", kind, name);
	if (blob.fact.known != VIA_PRESENT)
		return blob.fact.error ? -blob.fact.error : -ENOENT;
	*ret_text = arena_strndup(arena, (const char *)blob.span.data, blob.span.size);
	if (ret_path)
		*ret_path = arena_printf(arena, DIRECTORY "/%s/%s", kind, name);
	return 0;
}
