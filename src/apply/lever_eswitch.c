/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

static bool mode_valid(const char *value)
{
	return strcmp(value, "legacy") == 0 || strcmp(value, "switchdev") == 0;
}

static int mode_get(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	const char *mode = NULL;
	int r = effect_eswitch_get(&world->effects, action->target, &mode);

	if (r == 0)
		*ret = arena_strdup(arena, mode);
	return r;
}

static int mode_set(const struct via_world *world, const struct via_action *action,
		    const char *value)
{
	return effect_eswitch_set(&world->effects, action->target, value);
}

static void mode_explain(const struct via_world *world, const struct via_action *action,
			 const char *value, int code, struct via_error *error)
{
	if (code == -EOPNOTSUPP)
		error_hint(error, "the PF's driver has no switch of its own to set");
	else if (code == -EBUSY || code == -EINVAL)
		error_hint(error, "no VF may have a driver while the mode changes, and the "
				  "firmware must allow it; dmesg tells what the driver says");
}

const struct via_lever lever_eswitch = {
	.valid = mode_valid,
	.get = mode_get,
	.set = mode_set,
	.explain = mode_explain,
};
