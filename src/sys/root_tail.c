/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sys/memtree.h"
#include "sys/record.h"
#include "sys/root.h"

static int tail_of_file(const struct via_root *root, const char *path, uint8_t *data, size_t limit,
			size_t *ret_size)
{
	_cleanup_close_ int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	ssize_t n;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	n = pread(fd, data, limit,
		  (size_t)status.st_size > limit ? status.st_size - (off_t)limit : 0);
	if (n < 0)
		return -errno;
	*ret_size = (size_t)n;
	return 0;
}

static int tail_of(const struct via_root *root, const char *path, uint8_t *data, size_t limit,
		   size_t *ret_size)
{
	struct via_span span;
	int r;

	if (!root->tree)
		return tail_of_file(root, path, data, limit, ret_size);
	r = memtree_read(root->tree, path, &span);
	if (r < 0)
		return r;
	*ret_size = span.size < limit ? span.size : limit;
	memcpy(data, span.data + span.size - *ret_size, *ret_size);
	return 0;
}

struct via_blob root_tail(const struct via_root *root, struct via_arena *arena, size_t limit,
			  const char *path)
{
	uint8_t *data = arena_alloc(arena, limit);
	size_t size = 0;
	int r = tail_of(root, path, data, limit, &size);

	/* A recording keeps the tail alone, and its tail is the same. */
	if (root->recorder)
		record_read(root->recorder, path, r, false, data, size);
	if (r < 0)
		return (struct via_blob){ .fact = fact_unknown(path, -r) };
	return (struct via_blob){ .fact = fact_present(path, NULL, size),
				  .span = { .data = data, .size = size } };
}
