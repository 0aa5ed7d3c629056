/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/target.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "apply/step.h"
#include "base/cleanup.h"

#define DEVICE "sys/bus/pci/devices/%s"

enum { POLL_MS = 20 };

bool target_is_function(const struct via_action *action)
{
	return action->kind != VIA_ACTION_MODULE && !action_kind_persists(action->kind);
}

int target_there(const struct via_world *world, const struct via_action *action)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact fact;

	if (!target_is_function(action))
		return 1;
	fact = root_exists(&world->root, arena, DEVICE, action->target);
	if (fact.known == VIA_UNKNOWN)
		return -fact.error;
	return fact.known == VIA_PRESENT;
}

int target_wait(const struct via_world *world, const struct via_action *action,
		unsigned int limit_ms)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
	uint64_t end = step_clock_ms() + limit_ms;
	int there;

	while ((there = target_there(world, action)) == 0) {
		if (step_clock_ms() >= end)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
	return there < 0 ? there : 0;
}

int target_identity(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	struct via_fact vendor, device;
	int there;

	if (!target_is_function(action)) {
		*ret = "";
		return 0;
	}
	there = target_there(world, action);
	if (there <= 0)
		return there < 0 ? there : -ENODEV;
	vendor = root_hex(&world->root, arena, DEVICE "/vendor", action->target);
	device = root_hex(&world->root, arena, DEVICE "/device", action->target);
	if (vendor.known == VIA_PRESENT && device.known == VIA_PRESENT) {
		*ret = arena_printf(arena, "%04x:%04x", (unsigned int)vendor.number,
				    (unsigned int)device.number);
		return 0;
	}
	if (vendor.known == VIA_ABSENT || device.known == VIA_ABSENT)
		return -ENODEV;
	return vendor.known == VIA_UNKNOWN ? -vendor.error : -device.error;
}

const char *target_physfn(const struct via_world *world, const char *address,
			  struct via_arena *arena)
{
	struct via_fact physfn = root_link(&world->root, arena, DEVICE "/physfn", address);

	return fact_text(&physfn);
}
