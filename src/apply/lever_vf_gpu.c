/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>

#include "apply/virtfn.h"
#include "base/cleanup.h"
#include "base/parse.h"

/*
 * How Intel's xe shares a GPU's time among its VFs, which it counts from 1.
 * Source: Documentation/ABI/testing/sysfs-driver-intel-xe-sriov (6.19)
 */
#define PROFILE "sys/bus/pci/devices/%s/sriov_admin/vf%u/profile/%s"

static bool number_valid(const char *value)
{
	uint64_t number;

	return parse_u64(value, 10, &number) == 0 && number <= UINT32_MAX &&
	       (*value != '0' || !value[1]);
}

static int profile_get(const struct via_world *world, const struct via_action *action,
		       const char *name, struct via_arena *arena, const char **ret)
{
	struct via_virtfn virtfn;
	struct via_fact fact;
	int r = virtfn_find(world, action->target, arena, &virtfn);

	if (r < 0)
		return r;
	fact = root_text(&world->root, arena, PROFILE, virtfn.physfn, virtfn.index + 1, name);
	if (fact.known != VIA_PRESENT)
		return fact.known == VIA_ABSENT ? -EOPNOTSUPP : -fact.error;
	*ret = fact.text;
	return 0;
}

static int profile_set(const struct via_world *world, const struct via_action *action,
		       const char *name, const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_virtfn virtfn;
	int r = virtfn_find(world, action->target, arena, &virtfn);

	return r < 0 ? r
		     : effect_write(
			       &world->effects,
			       arena_printf(arena, PROFILE, virtfn.physfn, virtfn.index + 1, name),
			       value);
}

static int quantum_get(const struct via_world *world, const struct via_action *action,
		       struct via_arena *arena, const char **ret)
{
	return profile_get(world, action, "exec_quantum_ms", arena, ret);
}

static int quantum_set(const struct via_world *world, const struct via_action *action,
		       const char *value)
{
	return profile_set(world, action, "exec_quantum_ms", value);
}

const struct via_lever lever_vf_quantum = {
	.valid = number_valid,
	.get = quantum_get,
	.set = quantum_set,
};

static int preempt_get(const struct via_world *world, const struct via_action *action,
		       struct via_arena *arena, const char **ret)
{
	return profile_get(world, action, "preempt_timeout_us", arena, ret);
}

static int preempt_set(const struct via_world *world, const struct via_action *action,
		       const char *value)
{
	return profile_set(world, action, "preempt_timeout_us", value);
}

const struct via_lever lever_vf_preempt = {
	.valid = number_valid,
	.get = preempt_get,
	.set = preempt_set,
};
