/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/unpack.h"

#include <errno.h>

int unpack_gzip(struct via_arena *arena, struct via_span packed, size_t limit, struct via_span *ret)
{
	return -EOPNOTSUPP;
}
