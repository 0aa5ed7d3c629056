/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "probe/holding.h"

/*
 * Disks that the kernel itself serves to other hosts (LIO: iSCSI, Fibre Channel, vhost-scsi;
 * nvmet: NVMe over fabrics). No process has them open: configfs alone tells.
 * Source: drivers/target/target_core_configfs.c, drivers/nvme/target/configfs.c
 */
static const char core[] = "sys/kernel/config/target/core";
static const char subsystems[] = "sys/kernel/config/nvmet/subsystems";

/* /dev/disk/by-id/… and /dev/vg0/lv are links; no disk of a function is behind a loop device. */
static const char *disk_behind(struct via_holding *holding, struct via_disks *disks,
			       const char *path)
{
	struct via_disk *disk = disk_of_path(holding, disks, path);
	struct via_fact link = { 0 };

	if (!disk) {
		link = root_link(holding->root, holding->arena, "%s", path + 1);
		disk = fact_text(&link) ? disk_find(disks, link.text) : NULL;
	}
	if (!disk && !text_starts(path, "/dev/loop") && !text_starts(path, "/dev/ram"))
		holding_untold_all(holding, fact_unknown(path + 1, link.error ?: ENODEV));
	return disk ? disk->name : NULL;
}

/* @enabled: a file that says 0 while nothing is served; @path: the one that names the disk */
static void hold_export(struct via_holding *holding, struct via_disks *disks,
			struct via_fact enabled, struct via_fact path, const char *by,
			const char *name)
{
	struct via_arena *arena = holding->arena;
	const char *disk;

	if (fact_is(&enabled, VIA_PRESENT) && !enabled.number)
		return;
	holding_untold_all(holding, path);
	if (!fact_text(&path) || !text_starts(path.text, "/dev/"))
		return;
	disk = disk_behind(holding, disks, path.text);
	if (disk)
		disk_hold(holding, disks, disk,
			  (struct via_holder){
				  .by = "block",
				  .what = arena_printf(arena,
						       "%s is served to other hosts by %s (%s)",
						       disk, by, name),
				  .loses = arena_printf(arena, "what other hosts do with %s",
							name) });
}

static void hold_backstores(struct via_holding *holding, struct via_disks *disks, const char *hba)
{
	struct via_arena *arena = holding->arena;
	struct via_names names;

	holding_untold_all(holding, root_entries(holding->root, arena, &names, "%s/%s", core, hba));
	via_for_each (name, &names) {
		const char *at = arena_printf(arena, "%s/%s/%s", core, hba, *name);

		if (strncmp(*name, "hba_", 4) == 0)
			continue; /* hba_info, hba_mode: files */
		hold_export(holding, disks, root_number(holding->root, arena, "%s/enable", at),
			    root_text(holding->root, arena, "%s/udev_path", at), "LIO", *name);
	}
}

static void hold_namespaces(struct via_holding *holding, struct via_disks *disks,
			    const char *subsystem)
{
	struct via_arena *arena = holding->arena;
	struct via_names names;

	holding_untold_all(holding, root_entries(holding->root, arena, &names, "%s/%s/namespaces",
						 subsystems, subsystem));
	via_for_each (name, &names) {
		const char *at =
			arena_printf(arena, "%s/%s/namespaces/%s", subsystems, subsystem, *name);

		hold_export(holding, disks, root_number(holding->root, arena, "%s/enable", at),
			    root_text(holding->root, arena, "%s/device_path", at), "nvmet",
			    subsystem);
	}
}

void holders_exports(struct via_holding *holding, struct via_disks *disks)
{
	struct via_names entries;

	holding_untold_all(holding,
			   root_entries(holding->root, holding->arena, &entries, "%s", core));
	via_for_each (hba, &entries)
		if (text_starts(*hba, "iblock_") || text_starts(*hba, "pscsi_"))
			hold_backstores(holding, disks, *hba);
	holding_untold_all(holding,
			   root_entries(holding->root, holding->arena, &entries, "%s", subsystems));
	via_for_each (subsystem, &entries)
		hold_namespaces(holding, disks, *subsystem);
}
