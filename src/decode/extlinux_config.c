/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/boot_menu.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "decode/line.h"

struct reading {
	struct via_arena *arena;
	struct via_boot_menu *menu;
	struct via_boot_entry *entry; /* the label at hand; NULL before the first */
	const char *append;	      /* set before any label: for all that have none */
};

static int take_label(struct reading *reading, const char *name)
{
	reading->entry = boot_menu_add(reading->arena, reading->menu);
	if (!reading->entry)
		return -E2BIG;
	reading->entry->id = name;
	return 0;
}

static void take_initrds(struct reading *reading, const char *list)
{
	while (*list) {
		size_t length = strcspn(list, ", \t");

		if (length)
			*via_list_add(reading->arena, &reading->entry->initrds) =
				arena_strndup(reading->arena, list, length);
		list += length + (list[length] != '\0');
	}
}

/* SYSLINUX takes initrd= out of the command line, and leaves it there as well. */
static void take_append(struct reading *reading, char *value)
{
	struct via_boot_entry *entry = reading->entry;
	char *words, *word;

	if (strcmp(value, "-") == 0) /* not even the one for all */
		*value = '\0';
	entry->options = arena_strdup(reading->arena, value);
	words = arena_strdup(reading->arena, value);
	while ((word = line_word(&words)))
		if (strncmp(word, "initrd=", 7) == 0)
			take_initrds(reading, word + 7);
}

/* menu label ^Debian, menu default */
static void take_menu(struct reading *reading, char *value)
{
	char *rest;
	const char *key = line_key(value, &rest);

	if (!key)
		return;
	if (strcasecmp(key, "label") == 0)
		reading->entry->title = rest;
	if (strcasecmp(key, "default") == 0 && reading->entry->id)
		*via_list_add(reading->arena, &reading->menu->defaults) = reading->entry->id;
}

static void take_in_label(struct reading *reading, const char *key, char *value)
{
	if (strcasecmp(key, "kernel") == 0 || strcasecmp(key, "linux") == 0)
		reading->entry->kernel = value;
	else if (strcasecmp(key, "append") == 0)
		take_append(reading, value);
	else if (strcasecmp(key, "initrd") == 0)
		take_initrds(reading, value);
	else if (strcasecmp(key, "menu") == 0)
		take_menu(reading, value);
}

static int take(struct reading *reading, const char *key, char *value)
{
	if (strcasecmp(key, "label") == 0)
		return take_label(reading, value);
	if (strcasecmp(key, "default") == 0 && *value)
		*via_list_add(reading->arena, &reading->menu->defaults) = value;
	else if (strcasecmp(key, "include") == 0 || strcasecmp(key, "config") == 0)
		reading->menu->by_script = true;
	else if (reading->entry)
		take_in_label(reading, key, value);
	else if (strcasecmp(key, "append") == 0)
		reading->append = value;
	return 0;
}

int extlinux_config_decode(struct via_arena *arena, struct via_span text,
			   struct via_boot_menu *menu)
{
	struct reading reading = { .arena = arena, .menu = menu };
	size_t first = menu->entries.count;
	char *line, *value;

	while ((line = line_next(arena, &text))) {
		const char *key = line_key(line, &value);
		int r = key ? take(&reading, key, value) : 0;

		if (r < 0)
			return r;
	}
	for (size_t i = first; reading.append && i < menu->entries.count; i++)
		if (!menu->entries.items[i].options)
			menu->entries.items[i].options = reading.append;
	return 0;
}

/* "kernel [--type=…] PATH ARGS", "module PATH ARGS" */
static void take_legacy_kernel(struct via_arena *arena, struct via_boot_entry *entry, char *value,
			       bool is_initrd)
{
	char *word = line_word(&value);

	while (word && strncmp(word, "--", 2) == 0)
		word = line_word(&value);
	if (!word)
		return;
	if (is_initrd) {
		*via_list_add(arena, &entry->initrds) = word;
		return;
	}
	entry->kernel = word;
	entry->options = NULL;
	boot_entry_add_options(arena, entry, line_trim(value));
}

int grub_legacy_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu)
{
	struct via_boot_entry *entry = NULL;
	int modules = 0; /* of Xen's, the first is the kernel */
	char *line, *value;

	while ((line = line_next(arena, &text))) {
		char *key = line_key(line, &value);

		if (key && strchr(key, '=')) { /* default=0 as well as default 0 */
			value = strchr(key, '=') + 1;
			value[-1] = '\0';
		}
		if (!key)
			continue;
		if (strcmp(key, "title") == 0) {
			entry = boot_menu_add(arena, menu);
			if (!entry)
				return -E2BIG;
			entry->title = value;
			modules = 0;
		} else if (strcmp(key, "default") == 0 && !entry && *value) {
			*via_list_add(arena, &menu->defaults) = value;
		} else if (entry && strcmp(key, "kernel") == 0) {
			take_legacy_kernel(arena, entry, value, false);
		} else if (entry && strcmp(key, "module") == 0) {
			take_legacy_kernel(arena, entry, value, modules++ > 0);
		} else if (entry && strcmp(key, "initrd") == 0 && *value) {
			*via_list_add(arena, &entry->initrds) = value;
		}
	}
	return 0;
}
