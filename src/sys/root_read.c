/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/root_part.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/memtree.h"
#include "sys/record.h"

enum { TEXT_LIMIT = 64 * 1024, ATTRIBUTE_BYTES = 4096 };

static int read_all(int fd, void *data, size_t limit, bool attribute, size_t *ret_size)
{
	size_t size = 0;

	while (size < limit) {
		ssize_t n = read(fd, (char *)data + size, limit - size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		size += (size_t)n;
		if (attribute && n < ATTRIBUTE_BYTES)
			break;
	}
	*ret_size = size;
	return 0;
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

/* At most @limit bytes of a file, from wherever the root has them. */
static int read_path(const struct via_root *root, const char *path, int flags, void *data,
		     size_t limit, size_t *ret_size)
{
	_cleanup_close_ int fd = -1;
	struct via_span span;
	int r;

	if (root->tree) {
		r = memtree_read(root->tree, path, &span);
		if (r < 0)
			return r;
		*ret_size = span.size < limit ? span.size : limit;
		memcpy(data, span.data, *ret_size);
		return 0;
	}
	fd = open_regular(root, path, flags);
	if (fd < 0)
		return fd;
	r = read_all(fd, data, limit, root_is_sysfs(root, path), ret_size);
	/* It was opened, so it is there. */
	return r == -ENOENT || r == -ENOTDIR ? -EIO : r;
}

static int read_noted(const struct via_root *root, const char *path, void *data, size_t limit,
		      size_t *ret_size)
{
	/* Who records wants to know whether it was a link. */
	bool unfollowed = root->recorder && root->live;
	size_t size = 0;
	int r = read_path(root, path, unfollowed ? O_NOFOLLOW : 0, data, limit, &size);

	if (unfollowed && r == -ELOOP) {
		unfollowed = false;
		r = read_path(root, path, 0, data, limit, &size);
	}
	if (root->recorder)
		record_read(root->recorder, path, r, unfollowed, data, size);
	if (r == 0)
		*ret_size = size;
	return r;
}

static struct via_fact text_at(const struct via_root *root, struct via_arena *arena,
			       const char *path)
{
	static _Thread_local char buffer[TEXT_LIMIT + 1];
	size_t size = 0;
	int r = read_noted(root, path, buffer, sizeof(buffer), &size);

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
	_cleanup_free_ void *buffer = malloc(limit ? limit : 1);
	size_t size = 0;
	int r;

	FORMATTED_PATH(arena, format, path);
	if (!buffer)
		return (struct via_blob){ .fact = fact_unknown(path, ENOMEM) };
	r = read_noted(root, path, buffer, limit, &size);
	if (r < 0)
		return (struct via_blob){ .fact = root_failure(root, path, -r) };
	return (struct via_blob){
		.fact = fact_present(path, NULL, size),
		.span = { .data = arena_memdup(arena, buffer, size), .size = size },
	};
}
