/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/libarchive.h"
#include "decode/initramfs_stream.h"

enum { BLOCK_BYTES = 256 * 1024 };

/* The "raw" format of libarchive: one nameless file, which is the unpacked segment. */
struct via_unpacker {
	struct archive *archive;
	struct via_stream *stream;
	char *block;
	int error; /* what the image answered */
};

static la_ssize_t feed(struct archive *archive, void *context, const void **ret)
{
	struct via_unpacker *unpacker = context;
	struct via_stream *stream = unpacker->stream;
	ssize_t n = stream->image->read(stream->image->context, stream->offset, unpacker->block,
					BLOCK_BYTES);

	(void)archive;
	*ret = unpacker->block;
	if (n < 0) {
		unpacker->error = (int)n;
		return -1;
	}
	stream->offset += (uint64_t)n;
	return n;
}

/* Only what is built in: libarchive would run a program for the rest. */
static int add_filter(struct archive *archive, const char *name)
{
	const struct {
		const char *name;
		int (*add)(struct archive *archive);
	} filters[] = {
		{ "gzip", archive_read_support_filter_gzip },
		{ "xz", archive_read_support_filter_xz },
		{ "zstd", archive_read_support_filter_zstd },
		{ "lz4", archive_read_support_filter_lz4 },
		{ "bzip2", archive_read_support_filter_bzip2 },
		{ "lzma", archive_read_support_filter_lzma },
		{ "lzop", archive_read_support_filter_lzop },
	};

	for (size_t i = 0; i < VIA_COUNT(filters); i++)
		if (strcmp(filters[i].name, name) == 0)
			return filters[i].add(archive) == ARCHIVE_OK ? 0 : -EOPNOTSUPP;
	return -EOPNOTSUPP;
}

static int failed(struct via_unpacker *unpacker)
{
	const char *why = archive_error_string(unpacker->archive);

	if (unpacker->error < 0)
		return unpacker->error;
	unpacker->stream->trouble = why ? why : "the compressed data is damaged";
	return -EBADMSG;
}

int unpacker_open(struct via_stream *stream, const char *name)
{
	struct via_unpacker *unpacker;
	struct archive_entry *entry;
	int r;

	if (!libarchive_load())
		return -EOPNOTSUPP;
	unpacker = calloc(1, sizeof(*unpacker));
	if (!unpacker)
		return -ENOMEM;
	unpacker->stream = stream;
	unpacker->block = malloc(BLOCK_BYTES);
	unpacker->archive = archive_read_new();
	stream->unpacker = unpacker;
	if (!unpacker->block || !unpacker->archive)
		return -ENOMEM;
	r = add_filter(unpacker->archive, name);
	if (r < 0)
		return r;
	archive_read_support_format_raw(unpacker->archive);
	if (archive_read_open(unpacker->archive, unpacker, NULL, feed, NULL) != ARCHIVE_OK ||
	    archive_read_next_header(unpacker->archive, &entry) != ARCHIVE_OK)
		return failed(unpacker);
	return 0;
}

/* Its words go with the archive, so they are not kept beyond it. */
void unpacker_close(struct via_stream *stream)
{
	if (!stream->unpacker)
		return;
	if (stream->unpacker->archive)
		archive_read_free(stream->unpacker->archive);
	free(stream->unpacker->block);
	free(stream->unpacker);
	stream->unpacker = NULL;
}

ssize_t unpacker_read(struct via_stream *stream, void *buffer, size_t size)
{
	ssize_t n = archive_read_data(stream->unpacker->archive, buffer, size);

	return n < 0 ? failed(stream->unpacker) : n;
}
