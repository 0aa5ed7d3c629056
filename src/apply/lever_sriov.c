/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "apply/sriov_why.h"
#include "base/address.h"
#include "base/cleanup.h"
#include "base/parse.h"

#define DEVICE "sys/bus/pci/devices/%s/"

enum { MAX_VFS = 65535 };

static int attribute_get(const struct via_world *world, const struct via_action *action,
			 const char *attribute, struct via_arena *arena, const char **ret)
{
	struct via_fact fact =
		root_number(&world->root, arena, DEVICE "%s", action->target, attribute);

	if (fact.known != VIA_PRESENT)
		return fact.known == VIA_ABSENT ? -EOPNOTSUPP : -fact.error;
	*ret = arena_printf(arena, "%llu", (unsigned long long)fact.number);
	return 0;
}

static int attribute_set(const struct via_world *world, const struct via_action *action,
			 const char *attribute, const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	return effect_write(&world->effects,
			    arena_printf(arena, DEVICE "%s", action->target, attribute), value);
}

/* As the kernel prints it: what is read back is compared as text. */
static bool count_valid(const char *value)
{
	uint64_t number;

	return parse_u64(value, 10, &number) == 0 && number <= MAX_VFS &&
	       (value[0] != '0' || !value[1]);
}

static int count_get(const struct via_world *world, const struct via_action *action,
		     struct via_arena *arena, const char **ret)
{
	return attribute_get(world, action, "sriov_numvfs", arena, ret);
}

static int count_set(const struct via_world *world, const struct via_action *action,
		     const char *value)
{
	return attribute_set(world, action, "sriov_numvfs", value);
}

/* Source: sriov_numvfs_store() in drivers/pci/iov.c: EBUSY from one count to another */
static bool count_one_step(const char *from, const char *to)
{
	return strcmp(from, "0") == 0 || strcmp(to, "0") == 0 || strcmp(from, to) == 0;
}

/* VF n sits where offset and stride say, and they are all there. */
static const char *count_verify(const struct via_world *world, const struct via_action *action,
				const char *value, struct via_arena *arena)
{
	struct via_fact offset =
		root_number(&world->root, arena, DEVICE "sriov_offset", action->target);
	struct via_fact stride =
		root_number(&world->root, arena, DEVICE "sriov_stride", action->target);
	struct via_pci_address address = { 0 };
	uint64_t count = 0;

	if (parse_u64(value, 10, &count) < 0 || address_parse(action->target, &address) < 0 ||
	    offset.known != VIA_PRESENT || stride.known != VIA_PRESENT)
		return NULL; /* before 4.15 */
	for (unsigned int n = 0; n < count; n++) {
		struct via_fact link =
			root_link(&world->root, arena, DEVICE "virtfn%u", action->target, n);
		uint32_t rid = address_rid(address) + (uint32_t)(offset.number + n * stride.number);
		struct via_pci_address at;

		if (link.known != VIA_PRESENT || address_parse(link.text, &at) < 0)
			return arena_printf(arena, "virtfn%u is not there", n);
		if (address_rid(at) != rid)
			return arena_printf(arena, "virtfn%u is %s, which is not its place", n,
					    link.text);
	}
	return NULL;
}

const struct via_lever lever_sriov_count = {
	.valid = count_valid,
	.one_step = count_one_step,
	.get = count_get,
	.set = count_set,
	.verify = count_verify,
	.explain = sriov_why,
};

static bool switch_valid(const char *value)
{
	return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
}

static int autoprobe_get(const struct via_world *world, const struct via_action *action,
			 struct via_arena *arena, const char **ret)
{
	return attribute_get(world, action, "sriov_drivers_autoprobe", arena, ret);
}

static int autoprobe_set(const struct via_world *world, const struct via_action *action,
			 const char *value)
{
	return attribute_set(world, action, "sriov_drivers_autoprobe", value);
}

const struct via_lever lever_sriov_autoprobe = {
	.valid = switch_valid,
	.get = autoprobe_get,
	.set = autoprobe_set,
};
