/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "apply/target.h"
#include "base/cleanup.h"

/* The same on every bus. */
#define DEVICE "sys/bus/%s/devices/%s"

enum { NAME_LIMIT = 128 };

static bool driver_name_valid(const char *value)
{
	return strlen(value) < NAME_LIMIT && !strpbrk(value, "/\n") && strcmp(value, ".") != 0 &&
	       strcmp(value, "..") != 0;
}

static int driver_get(const struct via_world *world, const struct via_action *action,
		      struct via_arena *arena, const char **ret)
{
	struct via_fact driver = root_link(&world->root, arena, DEVICE "/driver",
					   target_bus(action), action->target);

	if (driver.known == VIA_UNKNOWN)
		return -driver.error;
	*ret = driver.known == VIA_PRESENT ? driver.text : "";
	return 0;
}

/*
 * "bind" rather than "drivers_probe": it hands back what the driver's probe said. It binds
 * only where driver_override or the driver's own table matches.
 */
static struct via_write driver_aim(const struct via_action *action, const char *value,
				   struct via_arena *arena)
{
	const char *bus = target_bus(action);

	return (struct via_write){
		.path = *value ? arena_printf(arena, "sys/bus/%s/drivers/%s/bind", bus, value)
			       : arena_printf(arena, DEVICE "/driver/unbind", bus, action->target),
		.value = action->target,
	};
}

/* A function whose driver is swapped is without one on the way: the plan shows both steps. */
static bool driver_one_step(const char *from, const char *to)
{
	return !*from || !*to;
}

const struct via_lever lever_driver = {
	.valid = driver_name_valid,
	.one_step = driver_one_step,
	.get = driver_get,
	.aim = driver_aim,
};

static int override_get(const struct via_world *world, const struct via_action *action,
			struct via_arena *arena, const char **ret)
{
	struct via_fact override = root_text(&world->root, arena, DEVICE "/driver_override",
					     target_bus(action), action->target);

	if (override.known != VIA_PRESENT)
		return override.known == VIA_ABSENT ? -ENOENT : -override.error;
	*ret = strcmp(override.text, "(null)") == 0 ? "" : override.text;
	return 0;
}

static struct via_write override_aim(const struct via_action *action, const char *value,
				     struct via_arena *arena)
{
	/* Source: driver_set_override() in drivers/base/driver.c: a newline clears it */
	return (struct via_write){
		.path = arena_printf(arena, DEVICE "/driver_override", target_bus(action),
				     action->target),
		.value = *value ? value : "\n",
	};
}

const struct via_lever lever_driver_override = {
	.valid = driver_name_valid,
	.get = override_get,
	.aim = override_aim,
};

static bool switch_valid(const char *value)
{
	return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
}

static int autoprobe_get(const struct via_world *world, const struct via_action *action,
			 struct via_arena *arena, const char **ret)
{
	struct via_fact autoprobe =
		root_text(&world->root, arena, "sys/bus/%s/drivers_autoprobe", action->target);

	if (autoprobe.known != VIA_PRESENT)
		return autoprobe.known == VIA_ABSENT ? -ENOENT : -autoprobe.error;
	*ret = autoprobe.text;
	return 0;
}

static int autoprobe_set(const struct via_world *world, const struct via_action *action,
			 const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	return effect_write(&world->effects,
			    arena_printf(arena, "sys/bus/%s/drivers_autoprobe", action->target),
			    value);
}

const struct via_lever lever_bus_autoprobe = {
	.valid = switch_valid,
	.get = autoprobe_get,
	.set = autoprobe_set,
};
