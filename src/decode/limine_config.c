/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/boot_menu.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/line.h"

enum { DEPTH = 32, EXPANDED_BYTES = 16 * 1024 };

struct macro {
	const char *name, *value; /* "${NAME}" */
};

struct reading {
	struct via_arena *arena;
	struct via_boot_menu *menu;
	via_list(struct macro) macros;
	int above[DEPTH]; /* the last entry of each depth */
	int at;		  /* the entry at hand; -1: the global part */
};

static const struct macro *macro_at(const struct reading *reading, const char *text)
{
	via_for_each (macro, &reading->macros)
		if (text_starts(text, macro->name))
			return macro;
	return NULL;
}

/* Once, not again in what was put in. */
static char *expand(struct reading *reading, const char *text)
{
	_cleanup_free_ char *out = NULL;
	size_t length = 0;

	if (!strstr(text, "${"))
		return arena_strdup(reading->arena, text);
	out = malloc(EXPANDED_BYTES);
	while (out && *text && length + 1 < EXPANDED_BYTES) {
		const struct macro *macro = *text == '$' ? macro_at(reading, text) : NULL;
		const char *from = macro ? macro->value : text;
		size_t size = macro ? strlen(macro->value) : 1;

		if (length + size >= EXPANDED_BYTES)
			break;
		memcpy(out + length, from, size);
		length += size;
		text += macro ? strlen(macro->name) : 1;
	}
	return arena_strndup(reading->arena, out ? out : "", length);
}

/* ":Arch", "/+Folder", "//Entry in it" */
static int take_entry(struct reading *reading, const char *line)
{
	size_t depth = strspn(line, (char[]){ *line, '\0' }) - 1;
	struct via_boot_entry *entry;

	if (depth >= DEPTH)
		return -E2BIG;
	entry = boot_menu_add(reading->arena, reading->menu);
	if (!entry)
		return -E2BIG;
	line += depth + 1;
	line += *line == '+';
	entry->title = line_trim(arena_strdup(reading->arena, line));
	entry->parent = depth ? reading->above[depth - 1] : -1;
	if (entry->parent >= 0)
		reading->menu->entries.items[entry->parent].submenu = true;
	reading->at = (int)reading->menu->entries.count - 1;
	for (size_t i = depth; i < DEPTH; i++)
		reading->above[i] = reading->at;
	return 0;
}

static bool key_is(const char *key, const char *first, const char *second)
{
	return strcasecmp(key, first) == 0 || (second && strcasecmp(key, second) == 0);
}

static void take_global(struct reading *reading, const char *key, const char *value)
{
	if (text_starts(key, "${")) {
		*via_list_add(reading->arena, &reading->macros) = (struct macro){ key, value };
		return;
	}
	if (key_is(key, "default_entry", NULL) && *value)
		*via_list_add(reading->arena, &reading->menu->defaults) = value;
}

static void take_value(struct reading *reading, struct via_boot_entry *entry, const char *key,
		       const char *value)
{
	if (key_is(key, "kernel_path", "path"))
		entry->kernel = value;
	else if (key_is(key, "kernel_cmdline", "cmdline"))
		boot_entry_add_options(reading->arena, entry, value);
	else if (key_is(key, "module_path", NULL))
		*via_list_add(reading->arena, &entry->initrds) = value;
	else if (key_is(key, "image_path", NULL) && !entry->kernel)
		entry->kernel = value;
	else if (key_is(key, "protocol", NULL))
		entry->efi =
			key_is(value, "efi", "chainload") || key_is(value, "uefi", "efi_chainload");
}

static int take(struct reading *reading, char *line)
{
	size_t end;
	char *value;

	if (!*line || *line == '#')
		return 0;
	if (*line == ':' || *line == '/')
		return take_entry(reading, line);
	end = text_starts(line, "${") ? strcspn(line, "}") : 0;
	end += strcspn(line + end, "=:");
	if (!line[end])
		return 0;
	line[end] = '\0';
	value = expand(reading, line_trim(line + end + 1));
	line = line_trim(line);
	if (reading->at < 0 || text_starts(line, "${"))
		take_global(reading, line, value);
	else
		take_value(reading, &reading->menu->entries.items[reading->at], line, value);
	return 0;
}

int limine_config_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu)
{
	struct reading reading = { .arena = arena, .menu = menu, .at = -1 };
	char *line;

	memset(reading.above, -1, sizeof(reading.above));
	while ((line = line_next(arena, &text))) {
		int r = take(&reading, line_trim(line));

		if (r < 0)
			return r;
	}
	return 0;
}
