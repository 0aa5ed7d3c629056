/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/initramfs.h"

/*
 * The bytes of a segment, one behind the other: as they stand in the image, or unpacked.
 */
struct via_unpacker;

struct via_stream {
	const struct via_image *image;
	uint64_t offset; /* in the image: of the next byte to be read from it */
	struct via_unpacker *unpacker;
	uint64_t unpacked; /* bytes given out in all, for the limit */
	const char *trouble;
};

/* stream_take - exactly @size bytes; -ENODATA at the end before any, -EBADMSG in between */
int stream_take(struct via_stream *stream, void *buffer, size_t size);

/* stream_pass - likewise, thrown away; a plain segment is not even read */
int stream_pass(struct via_stream *stream, uint64_t size);

/**
 * unpacker_open - take the compression off what starts at stream->offset
 * @name: of initramfs_compression()
 *
 * Return: 0; -EOPNOTSUPP this build cannot; -ENOMEM
 */
int unpacker_open(struct via_stream *stream, const char *name);
void unpacker_close(struct via_stream *stream);

/* unpacker_read - as read(2); 0 at the end; -EBADMSG, and stream->trouble says why */
ssize_t unpacker_read(struct via_stream *stream, void *buffer, size_t size);

/* initramfs_compression - by its first bytes: "gzip", "xz", "zstd", "lz4", "bzip2", "lzma",
 * "lzop"; NULL for none of them */
const char *initramfs_compression(const uint8_t magic[8]);
