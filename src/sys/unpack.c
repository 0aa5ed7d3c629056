/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/unpack.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/libarchive.h"

static void cleanup_archive(struct archive **archive)
{
	if (*archive)
		archive_read_free(*archive);
}

static int open_gzip(struct archive *archive, struct via_span packed)
{
	struct archive_entry *entry;

	archive_read_support_filter_gzip(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open_memory(archive, packed.data, packed.size) != ARCHIVE_OK)
		return -EBADMSG;
	/* Without a filter the raw format takes anything for what it is. */
	if (archive_read_next_header(archive, &entry) != ARCHIVE_OK ||
	    archive_filter_code(archive, 0) != ARCHIVE_FILTER_GZIP)
		return -EBADMSG;
	return 0;
}

static int read_all(struct archive *archive, char *data, size_t limit, size_t *ret_size)
{
	size_t size = 0;

	while (size < limit) {
		ssize_t n = archive_read_data(archive, data + size, limit - size);

		if (n < 0)
			return -EBADMSG;
		if (n == 0)
			break;
		size += (size_t)n;
	}
	*ret_size = size;
	return size < limit ? 0 : -EFBIG;
}

int unpack_gzip(struct via_arena *arena, struct via_span packed, size_t limit, struct via_span *ret)
{
	_cleanup_(cleanup_archive) struct archive *archive =
		libarchive_load() ? archive_read_new() : NULL;
	_cleanup_free_ char *data = malloc(limit + 1);
	size_t size = 0;
	int r;

	if (!libarchive_load())
		return -EOPNOTSUPP;
	if (!archive || !data)
		return -ENOMEM;
	r = open_gzip(archive, packed);
	if (r == 0)
		r = read_all(archive, data, limit + 1, &size);
	if (r < 0)
		return r;
	*ret = (struct via_span){ arena_memdup(arena, data, size), size };
	return 0;
}
