/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "plan/file.h"
#include "plan/virtual.h"

static const struct via_mdev_definition *definition_named(const struct via_mediated *mediated,
							  const char *uuid)
{
	via_for_each (definition, &mediated->definitions)
		if (strcmp(definition->uuid, uuid) == 0)
			return definition;
	return NULL;
}

/* What the wish comes to: the device that is planned, or the one that is there already. */
static const char *device_of(const struct via_host *host, const struct via_plan *plan,
			     size_t before, const struct via_mdev_wish *wish)
{
	for (size_t i = before; i < plan->actions.count; i++)
		if (plan->actions.items[i].kind == VIA_ACTION_MDEV)
			return plan->actions.items[i].target;
	if (wish->uuid)
		return wish->uuid;
	via_for_each (device, &host->mediated.devices) {
		const char *type = fact_text(&device->type);

		if (device->parent && strcmp(device->parent, wish->parent) == 0 && type &&
		    strcmp(type, wish->type) == 0)
			return device->uuid;
	}
	return NULL;
}

/* "PARENT/TYPE" of a device that is planned, or that is there. */
static const char *made_as(const struct via_host *host, const struct via_plan *plan,
			   const char *uuid)
{
	via_for_each (action, &plan->actions)
		if (action->kind == VIA_ACTION_MDEV && strcmp(action->target, uuid) == 0)
			return action->wanted;
	via_for_each (device, &host->mediated.devices)
		if (strcmp(device->uuid, uuid) == 0 && device->parent && fact_text(&device->type))
			return arena_printf(plan->arena, "%s/%s", device->parent,
					    device->type.text);
	return NULL;
}

static const char *path_of(struct via_plan *plan, const char *parent, const char *uuid)
{
	return arena_printf(plan->arena, "/etc/mdevctl.d/%s/%s", parent, uuid);
}

static void define(const struct via_host *host, const char *uuid, const char *made,
		   struct via_plan *plan)
{
	const char *slash = strchr(made, '/');
	const char *parent = arena_strndup(plan->arena, made, (size_t)(slash - made));
	const struct via_mdev_definition *present = definition_named(&host->mediated, uuid);
	const struct via_file none = { 0 };
	struct via_action *action;

	if (present && present->automatic && present->type &&
	    strcmp(present->parent, parent) == 0 && strcmp(present->type, slash + 1) == 0)
		return;
	if (present) {
		plan_refuse(plan, uuid, "viaduct mdev undefine, or mdevctl modify",
			    "mdevctl defines it otherwise: %s on %s, %s",
			    present->type ?: "no type", present->parent,
			    present->automatic ? "at boot" : "by hand");
		return;
	}
	action = plan_own_file(plan, path_of(plan, parent, uuid), &none,
			       arena_printf(plan->arena,
					    "{\n  \"mdev_type\": \"%s\",\n"
					    "  \"start\": \"auto\",\n  \"attrs\": []\n}",
					    slash + 1),
			       "mdevctl makes it again at each boot");
	if (action)
		action->effect = action->undo = VIA_EFFECT_NOW;
}

static bool refuse_owner(struct via_plan *plan, const struct via_host *host, const char *what)
{
	const struct via_mediated *mediated = &host->mediated;

	if (fact_is(&mediated->definitions_known, VIA_UNKNOWN)) {
		plan_refuse(plan, what, NULL, "what mdevctl defines could not be told (%s)",
			    errno_name(mediated->definitions_known.error));
		return true;
	}
	if (!fact_is(&mediated->mdevctl, VIA_ABSENT))
		return false;
	plan_refuse(plan, what, "install it, or declare it: mediated: in /etc/viaduct/host.yaml",
		    "mdevctl is not installed, and nobody else would make it again at boot");
	return true;
}

int plan_mdev_definition(const struct via_host *host, const struct via_mdev_wish *wish,
			 struct via_plan *plan, struct via_error *error)
{
	size_t before = plan->actions.count, refused = plan->refused.count;
	const char *uuid, *made;
	int r;

	if (refuse_owner(plan, host, wish->parent))
		return 0;
	r = plan_mdev(host, wish, plan, error);
	if (r < 0 || plan->refused.count > refused)
		return r;
	uuid = device_of(host, plan, before, wish);
	made = uuid ? made_as(host, plan, uuid) : NULL;
	if (made)
		define(host, uuid, made, plan);
	else
		plan_refuse(plan, wish->parent, "name the UUID, and the type by its id",
			    "which device is to last could not be told");
	return 0;
}

int plan_mdev_undefinition(const struct via_host *host, const char *uuid, struct via_plan *plan,
			   struct via_error *error)
{
	const struct via_mdev_definition *present = definition_named(&host->mediated, uuid);
	struct via_action *action;

	if (!present && !fact_is(&host->mediated.definitions_known, VIA_UNKNOWN))
		return error_set(error, -ENODEV, "plan", uuid, "mdevctl does not define it");
	if (!present || !present->file.there) {
		plan_refuse(plan, uuid, NULL, "its definition could not be read");
		return 0;
	}
	action = plan_own_file(plan, path_of(plan, present->parent, uuid), &present->file, NULL,
			       "mdevctl does not make it again");
	if (action)
		action->effect = action->undo = VIA_EFFECT_NOW;
	return 0;
}
