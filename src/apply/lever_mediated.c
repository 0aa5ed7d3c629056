/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

#define DEVICE "sys/bus/mdev/devices/%s"

enum { VALUE_LIMIT = 256 };

/* "" or PARENT/TYPE: two names that become parts of a path. */
static bool mdev_valid(const char *value)
{
	const char *slash = strchr(value, '/');

	if (!*value)
		return true;
	return slash && slash > value && slash[1] && !strchr(slash + 1, '/') && *value != '.' &&
	       slash[1] != '.' && !strpbrk(value, " \t\n") && strlen(value) < VALUE_LIMIT;
}

/* …/PARENT/UUID is where the link leads. */
static const char *parent_of(struct via_arena *arena, const char *target)
{
	char *path = arena_strdup(arena, target), *slash = strrchr(path, '/');

	if (!slash)
		return NULL;
	*slash = '\0';
	return path_name(path);
}

static int mdev_get(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	struct via_fact link = root_link_target(&world->root, arena, DEVICE, action->target), type;
	const char *parent;

	if (link.known == VIA_ABSENT) {
		*ret = "";
		return 0;
	}
	type = root_link(&world->root, arena, DEVICE "/mdev_type", action->target);
	if (link.known != VIA_PRESENT || type.known != VIA_PRESENT)
		return -(link.error ?: type.error ?: ENODEV);
	parent = parent_of(arena, link.text);
	if (!parent)
		return -EBADMSG;
	*ret = arena_printf(arena, "%s/%s", parent, type.text);
	return 0;
}

static int mdev_set(const struct via_world *world, const struct via_action *action,
		    const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *slash = strchr(value, '/');

	if (!slash)
		return effect_write(&world->effects,
				    arena_printf(arena, DEVICE "/remove", action->target), "1");
	return effect_write(&world->effects,
			    arena_printf(arena,
					 "sys/class/mdev_bus/%.*s/mdev_supported_types/%s/create",
					 (int)(slash - value), value, slash + 1),
			    action->target);
}

/* A device of another type is another device. */
static bool mdev_one_step(const char *from, const char *to)
{
	return !*from || !*to;
}

const struct via_lever lever_mdev = {
	.valid = mdev_valid,
	.one_step = mdev_one_step,
	.get = mdev_get,
	.set = mdev_set,
};

#define VGPU "sys/bus/pci/devices/%s/nvidia/current_vgpu_type"

static bool vgpu_valid(const char *value)
{
	uint64_t number;

	return parse_u64(value, 10, &number) == 0 && number <= UINT32_MAX &&
	       (*value != '0' || !value[1]);
}

static int vgpu_get(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	struct via_fact type = root_number(&world->root, arena, VGPU, action->target);

	if (type.known != VIA_PRESENT)
		return type.known == VIA_ABSENT ? -EOPNOTSUPP : -type.error;
	*ret = arena_printf(arena, "%llu", (unsigned long long)type.number);
	return 0;
}

static int vgpu_set(const struct via_world *world, const struct via_action *action,
		    const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	return effect_write(&world->effects, arena_printf(arena, VGPU, action->target), value);
}

/* NVIDIA's driver takes a type only where there is none. */
static bool vgpu_one_step(const char *from, const char *to)
{
	return strcmp(from, "0") == 0 || strcmp(to, "0") == 0;
}

const struct via_lever lever_vgpu = {
	.valid = vgpu_valid,
	.one_step = vgpu_one_step,
	.get = vgpu_get,
	.set = vgpu_set,
};
