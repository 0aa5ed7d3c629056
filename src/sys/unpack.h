/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/span.h"

/**
 * unpack_gzip - what one compressed file holds
 * @limit: bytes at most; a small file may claim to be a large one
 *
 * Return: 0; -EBADMSG damaged or no gzip; -EFBIG over @limit; -ENOMEM
 */
int unpack_gzip(struct via_arena *arena, struct via_span packed, size_t limit,
		struct via_span *ret);
