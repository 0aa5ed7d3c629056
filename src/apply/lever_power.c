/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/reset_methods.h"
#include "base/parse.h"

/* How a function may be reset, and how deep it may sleep: attributes of its own. */
#define DEVICE "sys/bus/pci/devices/%s/%s"

static int attribute_get(const struct via_world *world, const struct via_action *action,
			 const char *attribute, struct via_arena *arena, const char **ret)
{
	struct via_fact fact = root_text(&world->root, arena, DEVICE, action->target, attribute);

	if (fact.known != VIA_PRESENT)
		return fact.known == VIA_ABSENT ? -EOPNOTSUPP : -fact.error;
	*ret = fact.text;
	return 0;
}

static int attribute_set(const struct via_world *world, const struct via_action *action,
			 const char *attribute, const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	/* A write of no bytes reaches no attribute. */
	return effect_write(&world->effects, arena_printf(arena, DEVICE, action->target, attribute),
			    *value ? value : "\n");
}

static void reset_method_explain(const struct via_world *world, const struct via_action *action,
				 const char *value, int code, struct via_error *error)
{
	if (code == -EINVAL)
		error_hint(error, "it has not all of these methods: viaduct show %s tells which",
			   action->target);
}

#define d3cold_allowed_explain NULL
#define power_control_explain  NULL

#define ATTRIBUTE(name, path)                                                                 \
	static int name##_get(const struct via_world *world, const struct via_action *action, \
			      struct via_arena *arena, const char **ret)                      \
	{                                                                                     \
		return attribute_get(world, action, path, arena, ret);                        \
	}                                                                                     \
	static int name##_set(const struct via_world *world, const struct via_action *action, \
			      const char *value)                                              \
	{                                                                                     \
		return attribute_set(world, action, path, value);                             \
	}                                                                                     \
	const struct via_lever lever_##name = {                                               \
		.valid = name##_valid,                                                        \
		.get = name##_get,                                                            \
		.set = name##_set,                                                            \
		.explain = name##_explain,                                                    \
	}

static bool reset_method_valid(const char *value)
{
	return reset_methods_valid(value);
}

static bool d3cold_allowed_valid(const char *value)
{
	return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
}

static bool power_control_valid(const char *value)
{
	return strcmp(value, "on") == 0 || strcmp(value, "auto") == 0;
}

ATTRIBUTE(reset_method, "reset_method");
ATTRIBUTE(d3cold_allowed, "d3cold_allowed");
ATTRIBUTE(power_control, "power/control");
