/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

/**
 * user_file_read - a file that the user named: their own, opened as any program would
 * @what: what is being done, for the error
 * @limit: bytes; a longer file is none of its kind
 *
 * Return: 0; -EBADMSG for what is no regular file; -EFBIG; other negative errno
 */
int user_file_read(struct via_arena *arena, const char *what, const char *path, size_t limit,
		   struct via_span *ret, struct via_error *error);
