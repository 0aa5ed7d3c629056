/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

static const char *sysfs_name(struct via_arena *arena, const char *module)
{
	char *name = arena_strdup(arena, module);

	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

static bool module_value_valid(const char *value)
{
	return strcmp(value, "loaded") == 0 || strcmp(value, "absent") == 0;
}

static int module_get(const struct via_world *world, const struct via_action *action,
		      struct via_arena *arena, const char **ret)
{
	struct via_fact there = root_exists(&world->root, arena, "sys/module/%s",
					    sysfs_name(arena, action->target));

	if (there.known == VIA_UNKNOWN)
		return -there.error;
	*ret = there.known == VIA_PRESENT ? "loaded" : "absent";
	return 0;
}

/* @name: "pci:igb", the driver and its bus. Its folder names its devices, among others. */
static bool driver_has_devices(const struct via_root *root, struct via_arena *arena,
			       const char *name)
{
	int bus = (int)strcspn(name, ":");
	struct via_names devices, names;

	if (!name[bus])
		return false;
	root_listing(root, arena, &devices, "sys/bus/%.*s/devices", bus, name);
	root_entries(root, arena, &names, "sys/bus/%.*s/drivers/%s", bus, name, name + bus + 1);
	via_for_each (entry, &names)
		if (names_have(&devices, *entry))
			return true;
	return false;
}

/* The kernel would take the driver from its devices: a bound device counts as no user there. */
static bool module_drives_something(const struct via_world *world, const char *module)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names;

	root_entries(&world->root, arena, &names, "sys/module/%s/drivers",
		     sysfs_name(arena, module));
	via_for_each (name, &names)
		if (driver_has_devices(&world->root, arena, *name))
			return true;
	return false;
}

/*
 * The simulators take their devices along, whoever made those.
 * Source: vdpa_mgmtdev_unregister() in drivers/vdpa/vdpa.c
 */
static bool module_made_something(const struct via_world *world, const char *module)
{
	static const char *const simulators[] = { "vdpa_sim_net", "vdpa_sim_blk" };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names;
	struct via_fact link;

	for (size_t i = 0; i < VIA_COUNT(simulators); i++) {
		if (strcmp(sysfs_name(arena, module), simulators[i]) != 0)
			continue;
		root_entries(&world->root, arena, &names, "sys/bus/vdpa/devices");
		via_for_each (name, &names) {
			link = root_link_target(&world->root, arena, "sys/bus/vdpa/devices/%s",
						*name);
			if (fact_text(&link) && strstr(link.text, arena_printf(arena, "/vdpasim%s/",
									       simulators[i] + 8)))
				return true;
		}
	}
	return false;
}

static int module_set(const struct via_world *world, const struct via_action *action,
		      const char *value)
{
	if (strcmp(value, "loaded") == 0)
		return effect_load_module(&world->effects, action->target);
	if (module_drives_something(world, action->target) ||
	    module_made_something(world, action->target))
		return -EBUSY;
	return effect_unload_module(&world->effects, action->target, action->beside);
}

/* Modules that were there before: unloading takes along only what loading brought. */
static const char *module_beside(const struct via_world *world, const struct via_action *action,
				 struct via_arena *arena)
{
	char *text = arena_strdup(arena, "");
	struct via_names names;

	root_entries(&world->root, arena, &names, "sys/module");
	via_for_each (name, &names)
		text = arena_printf(arena, "%s%s%s", text, *text ? " " : "", *name);
	return text;
}

const struct via_lever lever_module = {
	.valid = module_value_valid,
	.get = module_get,
	.set = module_set,
	.beside = module_beside,
};
