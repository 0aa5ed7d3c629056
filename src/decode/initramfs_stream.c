/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/initramfs_stream.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

const char *initramfs_compression(const uint8_t magic[8])
{
	static const struct {
		const char *name;
		size_t size;
		uint8_t magic[6];
	} kinds[] = {
		{ "gzip", 2, { 0x1f, 0x8b } },
		{ "xz", 6, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
		{ "zstd", 4, { 0x28, 0xb5, 0x2f, 0xfd } },
		{ "lz4", 4, { 0x02, 0x21, 0x4c, 0x18 } }, /* the kernel's: legacy frames */
		{ "lz4", 4, { 0x04, 0x22, 0x4d, 0x18 } },
		{ "bzip2", 3, { 'B', 'Z', 'h' } },
		{ "lzma", 3, { 0x5d, 0, 0 } },
		{ "lzop", 4, { 0x89, 'L', 'Z', 'O' } },
	};

	for (size_t i = 0; i < VIA_COUNT(kinds); i++)
		if (memcmp(magic, kinds[i].magic, kinds[i].size) == 0)
			return kinds[i].name;
	return NULL;
}

static ssize_t read_some(struct via_stream *stream, void *buffer, size_t size)
{
	ssize_t n;

	if (stream->unpacker)
		return unpacker_read(stream, buffer, size);
	n = stream->image->read(stream->image->context, stream->offset, buffer, size);
	if (n > 0)
		stream->offset += (uint64_t)n;
	return n;
}

static int too_large(struct via_stream *stream)
{
	stream->trouble = "it unpacks to more than any initramfs does";
	return -EFBIG;
}

int stream_take(struct via_stream *stream, void *buffer, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = read_some(stream, (char *)buffer + got, size - got);

		if (n < 0)
			return (int)n;
		if (n == 0)
			return got ? -EBADMSG : -ENODATA;
		got += (size_t)n;
	}
	stream->unpacked += size;
	return stream->unpacked > INITRAMFS_BYTES ? too_large(stream) : 0;
}

int stream_pass(struct via_stream *stream, uint64_t size)
{
	char buffer[32 * 1024];

	if (!stream->unpacker) {
		if (stream->offset > stream->image->size ||
		    size > stream->image->size - stream->offset)
			return -EBADMSG;
		stream->offset += size;
		stream->unpacked += size;
		return stream->unpacked > INITRAMFS_BYTES ? too_large(stream) : 0;
	}
	while (size) {
		size_t part = size < sizeof(buffer) ? (size_t)size : sizeof(buffer);
		int r = stream_take(stream, buffer, part);

		if (r < 0)
			return r == -ENODATA ? -EBADMSG : r;
		size -= part;
	}
	return 0;
}
