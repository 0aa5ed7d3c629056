/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/boot_menu.h"

#include <string.h>

struct via_boot_entry *boot_menu_add(struct via_arena *arena, struct via_boot_menu *menu)
{
	struct via_boot_entry *entry;

	if (menu->entries.count >= BOOT_MENU_ENTRIES)
		return NULL;
	entry = via_list_add(arena, &menu->entries);
	entry->parent = -1;
	entry->tries_left = -1;
	return entry;
}

void boot_entry_add_options(struct via_arena *arena, struct via_boot_entry *entry,
			    const char *options)
{
	if (!*options)
		return;
	entry->options = entry->options ? arena_printf(arena, "%s %s", entry->options, options)
					: arena_strdup(arena, options);
	entry->variables |= strchr(options, '$') != NULL;
}
