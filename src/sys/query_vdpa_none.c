/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "sys/query_text.h"

int query_live_vdpa(struct via_arena *arena, const char **ret)
{
	return -EOPNOTSUPP;
}
