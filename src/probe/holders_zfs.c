/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "probe/holding.h"

/*
 * ZFS leaves no trace of its disks in sysfs: udev knows whose label a partition bears
 * (run/udev/data/bMAJOR:MINOR), and proc/spl/kstat/zfs/POOL is there for every pool that is
 * imported.
 */
static struct via_names imported(struct via_holding *holding)
{
	struct via_names entries, pools = { 0 };

	holding_untold_all(holding, root_entries(holding->root, holding->arena, &entries,
						 "proc/spl/kstat/zfs"));
	via_for_each (entry, &entries) {
		struct via_fact state = root_exists(holding->root, holding->arena,
						    "proc/spl/kstat/zfs/%s/state", *entry);

		holding_untold_all(holding, state);
		if (fact_is(&state, VIA_PRESENT))
			*via_list_add(holding->arena, &pools) = *entry;
	}
	/* What is mounted is imported, whatever this source holds of it. */
	via_for_each (pool, &holding->vital_pools)
		if (!names_have(&pools, *pool))
			*via_list_add(holding->arena, &pools) = *pool;
	return pools;
}

/* The value of "E:KEY=value", or NULL. */
static const char *property(struct via_arena *arena, const char *text, const char *key)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (text_starts(line, key))
			return arena_strndup(arena, line + strlen(key),
					     strcspn(line + strlen(key), "\n"));
		if (!*line)
			break;
	}
	return NULL;
}

static struct via_fact udev_data(const struct via_holding *holding, const char *name)
{
	struct via_fact number =
		root_text(holding->root, holding->arena, "sys/class/block/%s/dev", name);

	if (!fact_text(&number))
		return number;
	return root_text(holding->root, holding->arena, "run/udev/data/b%s", number.text);
}

static void hold_pool(struct via_holding *holding, struct via_disks *disks, const char *name,
		      const char *pool)
{
	struct via_arena *arena = holding->arena;
	bool vital = names_have(&holding->vital_pools, pool);

	disk_hold(
		holding, disks, name,
		(struct via_holder){
			.by = "zfs",
			.what = arena_printf(arena, "%s is part of the ZFS pool %s", name, pool),
			.loses = vital ? arena_printf(arena,
						      "the ZFS pool %s, with its own system on it",
						      pool)
				       : arena_printf(arena, "the ZFS pool %s", pool),
			.loss = vital ? VIA_LOSS_VITAL : VIA_LOSS_USE });
}

static void untold(struct via_holding *holding, const struct via_disk *disk, struct via_fact fact)
{
	via_for_each (function, &disk->functions)
		holding_untold(*function, fact_unknown(fact.path, fact.error ?: ENODATA));
}

void holders_zfs(struct via_holding *holding, struct via_disks *disks)
{
	struct via_names pools = imported(holding);

	if (!pools.count)
		return;
	via_for_each (disk, &disks->list) {
		const char *type, *label;
		struct via_fact data;

		if (!disk->functions.count && !disk->below.count)
			continue;
		data = udev_data(holding, disk->name);
		if (!fact_text(&data)) {
			untold(holding, disk, data);
			continue;
		}
		type = property(holding->arena, data.text, "E:ID_FS_TYPE=");
		label = property(holding->arena, data.text, "E:ID_FS_LABEL=");
		if (type && strcmp(type, "zfs_member") == 0 && label && names_have(&pools, label))
			hold_pool(holding, disks, disk->name, label);
	}
}
