/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/unpack.h"

#include <errno.h>
#include <zlib.h>

#include "base/cleanup.h"

/* 15: the largest window; 16 more: with gzip's header and checksum. */
enum { GZIP_WINDOW = 15 + 16, FIRST_ROOM = 256 * 1024 };

static void cleanup_stream(z_stream *stream)
{
	inflateEnd(stream);
}

/* Until the file's end, with room for one byte more than there may be. */
static int inflate_all(z_stream *stream, char **data, size_t limit, size_t *ret_size)
{
	size_t size = 0, room = 0;
	int r = Z_OK;

	while (r == Z_OK && size <= limit) {
		room = room ? room * 2 : FIRST_ROOM;
		room = room < limit + 1 ? room : limit + 1;
		*data = realloc(*data, room);
		if (!*data)
			return -ENOMEM;
		stream->next_out = (Bytef *)*data + size;
		stream->avail_out = (uInt)(room - size);
		r = inflate(stream, Z_NO_FLUSH);
		size = room - stream->avail_out;
	}
	*ret_size = size;
	if (size > limit)
		return -EFBIG;
	return r == Z_STREAM_END ? 0 : r == Z_MEM_ERROR ? -ENOMEM : -EBADMSG;
}

int unpack_gzip(struct via_arena *arena, struct via_span packed, size_t limit, struct via_span *ret)
{
	_cleanup_(cleanup_stream) z_stream stream = {
		.next_in = (z_const Bytef *)packed.data,
		.avail_in = (uInt)packed.size,
	};
	_cleanup_free_ char *data = NULL;
	size_t size = 0;
	int r;

	if (packed.size > UINT32_MAX || limit >= UINT32_MAX)
		return -EFBIG;
	if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
		return -ENOMEM;
	r = inflate_all(&stream, &data, limit, &size);
	if (r < 0)
		return r;
	*ret = (struct via_span){ arena_memdup(arena, data, size), size };
	return 0;
}
