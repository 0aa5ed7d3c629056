/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>

#include "apply/virtfn.h"
#include "base/cleanup.h"
#include "base/parse.h"

/*
 * sriov_vf_msix_count can only be written. What it did shows in the size of the VF's MSI-X
 * table, in its configuration space (PCI Local Bus 3.0, 6.8.2).
 */
#define DEVICE "sys/bus/pci/devices/%s/"

enum {
	CONFIG_BYTES = 256,
	STATUS = 0x06,
	STATUS_LIST = 0x10,
	FIRST = 0x34,
	MSIX = 0x11,
	TABLE_MASK = 0x7ff,
	HOPS = 48,
	TABLE_MOST = 2048,
};

/* 0 where there is none. */
static unsigned int table_size(const uint8_t *config)
{
	unsigned int at = config[FIRST] & 0xfc;

	if (!(config[STATUS] & STATUS_LIST))
		return 0;
	for (int i = 0; i < HOPS && at >= 0x40; i++) {
		if (config[at] == MSIX)
			return ((config[at + 2] | (unsigned int)config[at + 3] << 8) & TABLE_MASK) +
			       1;
		at = config[at + 1] & 0xfc;
	}
	return 0;
}

static bool msix_valid(const char *value)
{
	uint64_t number;

	return parse_u64(value, 10, &number) == 0 && number && number <= TABLE_MOST &&
	       *value != '0';
}

static int msix_get(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	struct via_blob config =
		root_blob(&world->root, arena, CONFIG_BYTES, DEVICE "config", action->target);
	unsigned int size;

	if (config.fact.known != VIA_PRESENT)
		return config.fact.known == VIA_ABSENT ? -ENOENT : -config.fact.error;
	if (config.span.size < CONFIG_BYTES)
		return -EACCES;
	size = table_size(config.span.data);
	if (!size)
		return -EOPNOTSUPP;
	*ret = arena_printf(arena, "%u", size);
	return 0;
}

static int msix_set(const struct via_world *world, const struct via_action *action,
		    const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	return effect_write(&world->effects,
			    arena_printf(arena, DEVICE "sriov_vf_msix_count", action->target),
			    value);
}

/* Source: sriov_vf_msix_count_store() in drivers/pci/iov.c */
static void msix_explain(const struct via_world *world, const struct via_action *action,
			 const char *value, int code, struct via_error *error)
{
	if (code == -EOPNOTSUPP || code == -ENOENT)
		error_hint(error, "the PF's driver cannot share out interrupts (mlx5 and ice can)");
	else if (code == -EBUSY)
		error_hint(error, "a driver has the VF: it must have none while this is changed");
	else if (code == -EINVAL || code == -ENOSPC)
		error_hint(error, "sriov_vf_total_msix of the PF is what all VFs share");
}

const struct via_lever lever_vf_msix = {
	.valid = msix_valid,
	.get = msix_get,
	.set = msix_set,
	.explain = msix_explain,
};
