/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/root_part.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/memtree.h"
#include "sys/record.h"

enum { TEXT_LIMIT = 64 * 1024, ATTRIBUTE_BYTES = 4096, FIRST_BYTES = 16 * 1024 };

/* Where the first @limit bytes of a file go; @bytes of it are there, more as they are wanted. */
struct room {
	char *data;
	size_t bytes, limit, size;
};

static void cleanup_room(struct room *room)
{
	free(room->data);
}

/* As much as a limit would mostly be touched by nobody, and cost its mapping all the same. */
static int room_grow(struct room *room, size_t wanted)
{
	size_t bytes = room->bytes ? room->bytes : FIRST_BYTES;
	char *data;

	while (bytes < wanted)
		bytes *= 2;
	if (bytes > room->limit)
		bytes = room->limit;
	if (bytes <= room->bytes)
		return 0;
	data = realloc(room->data, bytes);
	if (!data)
		return -ENOMEM;
	room->data = data;
	room->bytes = bytes;
	return 0;
}

static int read_all(int fd, struct room *room, bool attribute)
{
	while (room->size < room->limit) {
		int r = room_grow(room, room->size + 1);
		ssize_t n;

		if (r < 0)
			return r;
		n = read(fd, room->data + room->size, room->bytes - room->size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		room->size += (size_t)n;
		if (attribute && n < ATTRIBUTE_BYTES)
			break;
	}
	return 0;
}

static int read_span(const struct via_span *span, struct room *room)
{
	size_t size = span->size < room->limit ? span->size : room->limit;
	int r = room_grow(room, size);

	if (r == 0 && size) {
		memcpy(room->data, span->data, size);
		room->size = size;
	}
	return r;
}

/* O_NONBLOCK: a captured tree may hold a FIFO where a file should be. */
static int open_regular(const struct via_root *root, const char *path, int flags)
{
	_cleanup_close_ int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | flags);
	struct stat status;

	if (fd < 0)
		return fd;
	if (root_is_sysfs(root, path))
		return steal_fd(&fd);
	if (fstat(fd, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	return steal_fd(&fd);
}

/* A file's first bytes, from wherever the root has them. */
static int read_path(const struct via_root *root, const char *path, int flags, struct room *room)
{
	_cleanup_close_ int fd = -1;
	struct via_span span;
	int r;

	room->size = 0;
	if (root->tree) {
		r = memtree_read(root->tree, path, &span);
		return r < 0 ? r : read_span(&span, room);
	}
	fd = open_regular(root, path, flags);
	if (fd < 0)
		return fd;
	r = read_all(fd, room, root_is_sysfs(root, path));
	/* It was opened, so it is there. */
	return r == -ENOENT || r == -ENOTDIR ? -EIO : r;
}

static int read_noted(const struct via_root *root, const char *path, struct room *room)
{
	/* Who records wants to know whether it was a link. */
	bool unfollowed = root->recorder && root->live;
	int r = read_path(root, path, unfollowed ? O_NOFOLLOW : 0, room);

	if (unfollowed && r == -ELOOP) {
		unfollowed = false;
		r = read_path(root, path, 0, room);
	}
	if (root->recorder)
		record_read(root->recorder, path, r, unfollowed, room->data, room->size);
	return r;
}

static struct via_fact text_at(const struct via_root *root, struct via_arena *arena,
			       const char *path)
{
	static _Thread_local char buffer[TEXT_LIMIT + 1];
	struct room room = { .data = buffer, .bytes = sizeof(buffer), .limit = sizeof(buffer) };
	int r = read_noted(root, path, &room);
	size_t size = room.size;

	if (r < 0)
		return root_failure(root, path, -r);
	if (size > TEXT_LIMIT)
		return fact_unknown(path, EFBIG);
	while (size && isspace((unsigned char)buffer[size - 1]))
		size--;
	return fact_present(path, arena_strndup(arena, buffer, size), 0);
}

struct via_fact root_text(const struct via_root *root, struct via_arena *arena, const char *format,
			  ...)
{
	FORMATTED_PATH(arena, format, path);
	return text_at(root, arena, path);
}

static struct via_fact number_at(const struct via_root *root, struct via_arena *arena,
				 const char *path, int base)
{
	struct via_fact fact = text_at(root, arena, path);
	int64_t value;

	if (fact.known != VIA_PRESENT)
		return fact;
	if (parse_u64(fact.text, base, &fact.number) == 0)
		return fact;
	if (parse_s64(fact.text, base, &value) == 0) {
		fact.number = (uint64_t)value;
		return fact;
	}
	fact.known = VIA_UNKNOWN;
	fact.error = EBADMSG;
	return fact;
}

struct via_fact root_number(const struct via_root *root, struct via_arena *arena,
			    const char *format, ...)
{
	FORMATTED_PATH(arena, format, path);
	return number_at(root, arena, path, 0);
}

struct via_fact root_hex(const struct via_root *root, struct via_arena *arena, const char *format,
			 ...)
{
	FORMATTED_PATH(arena, format, path);
	return number_at(root, arena, path, 16);
}

struct via_blob root_blob(const struct via_root *root, struct via_arena *arena, size_t limit,
			  const char *format, ...)
{
	_cleanup_(cleanup_room) struct room room = { .limit = limit };
	int r;

	FORMATTED_PATH(arena, format, path);
	r = read_noted(root, path, &room);
	if (r < 0)
		return (struct via_blob){ .fact = root_failure(root, path, -r) };
	return (struct via_blob){
		.fact = fact_present(path, NULL, room.size),
		.span = { .data = arena_memdup(arena, room.data, room.size), .size = room.size },
	};
}
