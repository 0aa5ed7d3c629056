/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/file_note.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/file_state.h"

enum { NAMES_LIMIT = 64 * 1024, VALUE_LIMIT = 64 * 1024 };

static int read_attribute(int fd, const char *name, struct via_arena *arena,
			  struct via_file_note *note)
{
	uint8_t *value = arena_alloc(arena, VALUE_LIMIT);
	ssize_t n = fgetxattr(fd, name, value, VALUE_LIMIT);

	if (n < 0)
		return errno == ENODATA ? 0 : -errno;
	*via_list_add(arena, &note->attributes) = (struct via_file_attribute){
		.name = arena_strdup(arena, name),
		.value = { value, (size_t)n },
	};
	return 0;
}

int file_note_read(int fd, struct via_arena *arena, struct via_file_note *ret)
{
	struct via_file_note note = { .timed = true };
	char *names = arena_alloc(arena, NAMES_LIMIT);
	ssize_t size = flistxattr(fd, names, NAMES_LIMIT);
	struct stat status;
	int r = 0;

	if (fstat(fd, &status) < 0 || (size < 0 && errno != ENOTSUP))
		return -errno;
	note.modified = status.st_mtim;
	for (const char *name = names; r == 0 && name < names + size; name += strlen(name) + 1)
		r = read_attribute(fd, name, arena, &note);
	if (r == 0)
		*ret = note;
	return r;
}

int file_note_give(int fd, const struct via_file_note *note)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, note->modified };

	via_for_each (attribute, &note->attributes)
		if (fsetxattr(fd, attribute->name, attribute->value.data, attribute->value.size,
			      0) < 0)
			return -errno;
	if (note->timed && futimens(fd, times) < 0)
		return -errno;
	return 0;
}

static const char *hex_of(struct via_span bytes, struct via_arena *arena)
{
	char *text = arena_alloc(arena, 2 * bytes.size + 1);

	for (size_t i = 0; i < bytes.size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes.data[i]);
	return text;
}

static struct via_span bytes_of(const char *hex, size_t length, struct via_arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, length / 2 + 1);

	for (size_t i = 0; i + 1 < length; i += 2) {
		const char pair[] = { hex[i], hex[i + 1], '\0' };

		bytes[i / 2] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return (struct via_span){ bytes, length / 2 };
}

const char *file_note_text(const struct via_file_note *note, struct via_arena *arena)
{
	const char *text = arena_printf(arena, "mtime=%lld.%09ld", (long long)note->modified.tv_sec,
					note->modified.tv_nsec);

	via_for_each (attribute, &note->attributes) {
		struct via_span name = { (const uint8_t *)attribute->name,
					 strlen(attribute->name) };

		text = arena_printf(arena, "%s xattr=%s:%s", text, hex_of(name, arena),
				    hex_of(attribute->value, arena));
	}
	return text;
}

static void take_time(const char *word, struct via_file_note *note)
{
	char *end;
	long long seconds = strtoll(word, &end, 10);

	if (*end != '.')
		return;
	note->timed = true;
	note->modified.tv_sec = (time_t)seconds;
	note->modified.tv_nsec = strtol(end + 1, NULL, 10);
}

static void take_attribute(const char *word, struct via_arena *arena, struct via_file_note *note)
{
	size_t name = strcspn(word, ": ");
	const char *value = word + name + (word[name] == ':');

	*via_list_add(arena, &note->attributes) = (struct via_file_attribute){
		.name = (const char *)bytes_of(word, name, arena).data,
		.value = bytes_of(value, strcspn(value, " "), arena),
	};
}

void file_note_parse(const char *text, struct via_arena *arena, struct via_file_note *ret)
{
	struct via_file_note note = { 0 };

	for (const char *at = text; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
		if (text_starts(at, "mtime="))
			take_time(at + strlen("mtime="), &note);
		else if (text_starts(at, "xattr="))
			take_attribute(at + strlen("xattr="), arena, &note);
	}
	*ret = note;
}

const char *file_note(const struct via_root *root, const char *path, struct via_arena *arena)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	_cleanup_close_ int fd = -1;
	struct via_file_note note = { 0 };
	int r = file_locate(root, path, &place);

	if (r == 0)
		fd = openat(place.directory, place.name,
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (r == -ENOENT || (r == 0 && fd < 0 && errno == ENOENT))
		return "";
	if (r < 0 || fd < 0 || file_note_read(fd, arena, &note) < 0)
		return NULL;
	return file_note_text(&note, arena);
}
