/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/initramfs.h"
#include "decode/line.h"

/*
 * One line a fact: "compression zstd", "release 6.12.0", "module vfio_pci", "file PATH" with
 * the file's own lines behind it, each after a tab.
 */
enum { FILES = 256 };

static const char header[] = "viaduct initramfs index 1";

static void append(struct via_arena *arena, char **text, size_t *length, size_t *room,
		   const char *key, const char *value)
{
	size_t size = strlen(key) + strlen(value) + 3;

	if (*length + size > *room) {
		char *more = arena_alloc(arena, *room = (*room + size) * 2);

		if (*length)
			memcpy(more, *text, *length);
		*text = more;
	}
	*length += (size_t)sprintf(*text + *length, "%s%s\n", key, value);
}

const char *initramfs_to_text(struct via_arena *arena, const struct via_initramfs *initramfs)
{
	char *text = NULL;
	size_t length = 0, room = 0;

	append(arena, &text, &length, &room, header, "");
	append(arena, &text, &length, &room, "compression ", initramfs->compression);
	if (initramfs->release)
		append(arena, &text, &length, &room, "release ", initramfs->release);
	if (initramfs->generator)
		append(arena, &text, &length, &room, "generator ", initramfs->generator);
	append(arena, &text, &length, &room, "segments ",
	       arena_printf(arena, "%" PRIu64, initramfs->segments));
	append(arena, &text, &length, &room, "entries ",
	       arena_printf(arena, "%" PRIu64, initramfs->entries));
	append(arena, &text, &length, &room, "bytes ",
	       arena_printf(arena, "%" PRIu64, initramfs->bytes));
	append(arena, &text, &length, &room, "complete ", initramfs->complete ? "yes" : "no");
	via_for_each (module, &initramfs->modules)
		append(arena, &text, &length, &room, "module ", *module);
	via_for_each (file, &initramfs->files) {
		struct via_span rest = span_of_text(file->text);
		const char *line;

		append(arena, &text, &length, &room, "file ", file->path);
		while ((line = line_next(arena, &rest)))
			append(arena, &text, &length, &room, "\t", line);
	}
	return text;
}

static void take_fact(struct via_arena *arena, struct via_initramfs *index, const char *key,
		      const char *value)
{
	if (strcmp(key, "compression") == 0)
		index->compression = value;
	else if (strcmp(key, "release") == 0)
		index->release = value;
	else if (strcmp(key, "generator") == 0)
		index->generator = value;
	else if (strcmp(key, "segments") == 0)
		parse_u64(value, 10, &index->segments);
	else if (strcmp(key, "entries") == 0)
		parse_u64(value, 10, &index->entries);
	else if (strcmp(key, "bytes") == 0)
		parse_u64(value, 10, &index->bytes);
	else if (strcmp(key, "complete") == 0)
		index->complete = strcmp(value, "yes") == 0;
	else if (strcmp(key, "module") == 0)
		*via_list_add(arena, &index->modules) = value;
}

/* The lines behind "file PATH", each after a tab. */
static void take_file(struct via_arena *arena, struct via_initramfs *index, const char *path,
		      struct via_span *rest)
{
	char *text = arena_alloc(arena, INITRAMFS_FILE_BYTES + 1);
	size_t length = 0;

	while (rest->size && *rest->data == '\t') {
		const char *line = line_next(arena, rest) + 1;
		size_t size = strlen(line);

		if (length + size + 1 > INITRAMFS_FILE_BYTES)
			continue;
		memcpy(text + length, line, size);
		text[length + size] = '\n';
		length += size + 1;
	}
	*via_list_add(arena, &index->files) = (struct via_initramfs_file){ path, text };
}

int initramfs_from_text(struct via_arena *arena, struct via_span text, struct via_initramfs *ret)
{
	struct via_initramfs index = { .compression = "" };
	char *line = line_next(arena, &text), *value;

	if (!line || strcmp(line, header) != 0)
		return -EBADMSG;
	while ((line = line_next(arena, &text))) {
		const char *key = line_key(line, &value);

		if (key && strcmp(key, "file") == 0 && index.files.count < FILES)
			take_file(arena, &index, value, &text);
		else if (key)
			take_fact(arena, &index, key, value);
	}
	*ret = index;
	return 0;
}
