/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "sys/effect_live.h"

int live_vdpa_add(void *context, const struct via_vdpa_wish *wish)
{
	return -EOPNOTSUPP;
}

int live_vdpa_remove(void *context, const char *name)
{
	return -EOPNOTSUPP;
}
