/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "sys/effect_live.h"
#include "sys/query_text.h"

/* Without libmnl. */

int query_live_vfs(struct via_arena *arena, const char **ret)
{
	return -EOPNOTSUPP;
}

int live_vf_get(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, char ret[VF_SETTING_TEXT])
{
	return -EOPNOTSUPP;
}

int live_vf_set(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, const char *value)
{
	return -EOPNOTSUPP;
}

int live_eswitch_get(void *context, const char *address, const char **ret)
{
	return -EOPNOTSUPP;
}

int live_eswitch_set(void *context, const char *address, const char *mode)
{
	return -EOPNOTSUPP;
}
