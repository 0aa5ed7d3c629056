/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Built without libarchive: only what is not compressed can be looked into. */
#include <errno.h>

#include "decode/initramfs_stream.h"

int unpacker_open(struct via_stream *stream, const char *name)
{
	(void)stream;
	(void)name;
	return -EOPNOTSUPP;
}

void unpacker_close(struct via_stream *stream)
{
	(void)stream;
}

ssize_t unpacker_read(struct via_stream *stream, void *buffer, size_t size)
{
	(void)stream;
	(void)buffer;
	(void)size;
	return -EOPNOTSUPP;
}
