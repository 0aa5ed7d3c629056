/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>

#include "apply/virtfn.h"
#include "base/cleanup.h"

/* What a network PF's driver keeps for its VFs: six settings, one way to reach them. */

static enum via_vf_setting setting_of(const struct via_action *action)
{
	_Static_assert(VIA_ACTION_VF_LINK - VIA_ACTION_VF_MAC == VIA_VF_LINK, "the same order");

	return (enum via_vf_setting)(action->kind - VIA_ACTION_VF_MAC);
}

struct managed {
	const char *interface;
	unsigned int index;
};

static int find(const struct via_world *world, const struct via_action *action,
		struct via_arena *arena, struct managed *ret)
{
	struct via_virtfn virtfn;
	struct managed managed;
	int r = virtfn_find(world, action->target, arena, &virtfn);

	if (r < 0)
		return r;
	managed.index = virtfn.index;
	managed.interface = virtfn_interface(world, virtfn.physfn, arena);
	if (!managed.interface)
		return -EOPNOTSUPP;
	*ret = managed;
	return 0;
}

static int vf_get(const struct via_world *world, const struct via_action *action,
		  struct via_arena *arena, const char **ret)
{
	char value[VF_SETTING_TEXT];
	struct managed managed;
	int r = find(world, action, arena, &managed);

	if (r == 0)
		r = effect_vf_get(&world->effects, managed.interface, managed.index,
				  setting_of(action), value);
	if (r == 0)
		*ret = arena_strdup(arena, value);
	return r;
}

static int vf_set(const struct via_world *world, const struct via_action *action, const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct managed managed;
	int r = find(world, action, arena, &managed);

	return r < 0 ? r
		     : effect_vf_set(&world->effects, managed.interface, managed.index,
				     setting_of(action), value);
}

static void vf_explain(const struct via_world *world, const struct via_action *action,
		       const char *value, int code, struct via_error *error)
{
	if (code == -EOPNOTSUPP)
		error_hint(error, "the PF's driver has no such setting for its VFs");
	else if (code == -EPERM)
		error_hint(error, "the PF's driver does not allow it: trust, or switchdev mode, "
				  "where the VF's representor takes its place");
	else if (code == -EINVAL && action->kind == VIA_ACTION_VF_RATE)
		error_hint(error, "drivers take a rate only while the PF's link is up, no more "
				  "than it carries, and many know no minimum");
}

#define SETTING(name, setting)                           \
	static bool name##_valid(const char *value)      \
	{                                                \
		return vf_setting_valid(setting, value); \
	}                                                \
	const struct via_lever lever_vf_##name = {       \
		.valid = name##_valid,                   \
		.get = vf_get,                           \
		.set = vf_set,                           \
		.explain = vf_explain,                   \
	}

SETTING(mac, VIA_VF_MAC);
SETTING(vlan, VIA_VF_VLAN);
SETTING(trust, VIA_VF_TRUST);
SETTING(spoofchk, VIA_VF_SPOOFCHK);
SETTING(rate, VIA_VF_RATE);
SETTING(link, VIA_VF_LINK);
