/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probe/holding.h"

static void take_swap(struct via_holding *holding, struct via_disks *disks, const char *line)
{
	struct via_arena *arena = holding->arena;
	const char *path = arena_strndup(arena, line, strcspn(line, " \t"));
	struct via_disk *disk = disk_of_path(holding, disks, path);

	if (disk)
		disk_hold(holding, disks, disk->name,
			  (struct via_holder){
				  .by = "swap",
				  .what = arena_printf(arena, "%s is used for swap", disk->name),
				  .loses = "the memory it swapped out: programs would crash",
				  .loss = VIA_LOSS_VITAL });
}

void holders_swap(struct via_holding *holding, struct via_disks *disks)
{
	struct via_fact swaps = root_text(holding->root, holding->arena, "proc/swaps");
	char *text, *save = NULL;

	holding_untold_all(holding, swaps);
	if (!fact_text(&swaps))
		return;
	text = arena_strdup(holding->arena, swaps.text);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		take_swap(holding, disks, line);
}
