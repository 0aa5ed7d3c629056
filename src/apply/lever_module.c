/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "base/address.h"
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

static bool driver_has_devices(const struct via_root *root, struct via_arena *arena,
			       const char *driver)
{
	struct via_pci_address address;
	struct via_names names;

	root_entries(root, arena, &names, "sys/bus/pci/drivers/%s", driver);
	via_for_each (name, &names)
		if (address_parse(*name, &address) == 0)
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
		if (strncmp(*name, "pci:", 4) == 0 &&
		    driver_has_devices(&world->root, arena, *name + 4))
			return true;
	return false;
}

static int module_set(const struct via_world *world, const struct via_action *action,
		      const char *value)
{
	if (strcmp(value, "loaded") == 0)
		return effect_load_module(&world->effects, action->target);
	if (module_drives_something(world, action->target))
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
