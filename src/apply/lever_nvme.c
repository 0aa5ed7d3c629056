/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/virtfn.h"
#include "base/cleanup.h"
#include "base/parse.h"

static const char *setting_text(struct via_arena *arena, const struct via_nvme_secondary *setting)
{
	return arena_printf(arena, "%s queues=%u interrupts=%u",
			    setting->online ? "online" : "offline", setting->queues,
			    setting->interrupts);
}

static int setting_parse(const char *text, struct via_nvme_secondary *ret)
{
	struct via_nvme_secondary setting = { 0 };
	char state[8];
	int end = 0;

	if (sscanf(text, "%7[a-z] queues=%5u interrupts=%5u%n", state, &setting.queues,
		   &setting.interrupts, &end) != 3 ||
	    text[end])
		return -EINVAL;
	setting.online = strcmp(state, "online") == 0;
	if (!setting.online && strcmp(state, "offline") != 0)
		return -EINVAL;
	*ret = setting;
	return 0;
}

/* Only the one spelling that setting_text() gives: what is read back is compared as text. */
static bool setting_valid(const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_nvme_secondary setting;

	return setting_parse(value, &setting) == 0 &&
	       strcmp(setting_text(arena, &setting), value) == 0;
}

/* Where a VF's resources are managed: its PF's controller, and its number there. */
struct secondary {
	const char *controller;
	unsigned int function;
};

static const char *controller_of(const struct via_world *world, const char *physfn,
				 struct via_arena *arena)
{
	struct via_names names;

	root_entries(&world->root, arena, &names, "sys/bus/pci/devices/%s/nvme", physfn);
	via_for_each (name, &names)
		if (text_starts(*name, "nvme"))
			return *name;
	return NULL;
}

static int secondary_of(const struct via_world *world, const char *address, struct via_arena *arena,
			struct secondary *ret)
{
	struct secondary secondary;
	struct via_virtfn virtfn;
	int r = virtfn_find(world, address, arena, &virtfn);

	if (r < 0)
		return r;
	secondary.controller = controller_of(world, virtfn.physfn, arena);
	if (!secondary.controller)
		return -EOPNOTSUPP;
	secondary.function = virtfn.index + 1; /* NVMe counts from 1 */
	*ret = secondary;
	return 0;
}

static int secondary_get(const struct via_world *world, const struct via_action *action,
			 struct via_arena *arena, const char **ret)
{
	struct via_nvme_secondary setting;
	struct secondary secondary;
	int r = secondary_of(world, action->target, arena, &secondary);

	if (r < 0)
		return r;
	r = effect_nvme_secondary_get(&world->effects, secondary.controller, secondary.function,
				      &setting);
	if (r < 0)
		return r;
	*ret = setting_text(arena, &setting);
	return 0;
}

static int secondary_set(const struct via_world *world, const struct via_action *action,
			 const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_nvme_secondary wanted;
	struct secondary secondary;
	int r = setting_parse(value, &wanted);

	if (r < 0)
		return r;
	r = secondary_of(world, action->target, arena, &secondary);
	if (r < 0)
		return r;
	return effect_nvme_secondary_set(&world->effects, secondary.controller, secondary.function,
					 action->target, &wanted);
}

/* Four commands to the controller: it may have heard the first ones only. */
static bool secondary_between(const char *from, const char *to, const char *present)
{
	struct via_nvme_secondary a, b, now;

	if (setting_parse(from, &a) < 0 || setting_parse(to, &b) < 0 ||
	    setting_parse(present, &now) < 0)
		return false;
	return !now.online && (now.queues == a.queues || now.queues == b.queues) &&
	       (now.interrupts == a.interrupts || now.interrupts == b.interrupts);
}

const struct via_lever lever_nvme_secondary = {
	.valid = setting_valid,
	.get = secondary_get,
	.set = secondary_set,
	.between = secondary_between,
};
