/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/boot_menu.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "decode/line.h"

enum { DEPTH = 2 };

/* The next word of *@text, which may be quoted; a doubled quote stands for one. */
static char *next_word(struct via_arena *arena, const char **text)
{
	const char *at = *text + strspn(*text, " \t,=");
	char *word = arena_alloc(arena, strlen(at) + 1);
	size_t length = 0;
	bool quoted = false;

	if (!*at || (*at == '#' && at != *text))
		return NULL;
	for (; *at && (quoted || !strchr(" \t,=", *at)); at++) {
		if (*at != '"') {
			word[length++] = *at;
		} else if (quoted && at[1] == '"') {
			word[length++] = *at++;
		} else {
			quoted = !quoted;
		}
	}
	*text = at;
	return word;
}

struct reading {
	struct via_arena *arena;
	struct via_boot_menu *menu;
	int open[DEPTH]; /* the stanza of each depth */
	int depth;
};

/* What a submenuentry does not say, its menuentry does. */
static int open_stanza(struct reading *reading, const char *title)
{
	struct via_boot_entry *entry = boot_menu_add(reading->arena, reading->menu);
	int parent = reading->depth ? reading->open[reading->depth - 1] : -1;

	if (!entry || reading->depth >= DEPTH)
		return -E2BIG;
	if (parent >= 0) {
		*entry = reading->menu->entries.items[parent];
		entry->initrds = (struct via_names){ 0 };
		for (size_t i = 0; i < reading->menu->entries.items[parent].initrds.count; i++)
			*via_list_add(reading->arena, &entry->initrds) =
				reading->menu->entries.items[parent].initrds.items[i];
	}
	entry->parent = parent;
	entry->title = title;
	reading->open[reading->depth++] = (int)reading->menu->entries.count - 1;
	return 0;
}

static void take_in_stanza(struct reading *reading, const char *key, const char *rest)
{
	struct via_boot_entry *entry =
		&reading->menu->entries.items[reading->open[reading->depth - 1]];
	const char *value = next_word(reading->arena, &rest);

	if (strcasecmp(key, "disabled") == 0)
		entry->disabled = true;
	if (!value)
		return;
	if (strcasecmp(key, "loader") == 0)
		entry->kernel = value;
	else if (strcasecmp(key, "options") == 0)
		entry->options = value;
	else if (strcasecmp(key, "add_options") == 0)
		boot_entry_add_options(reading->arena, entry, value);
	else if (strcasecmp(key, "initrd") == 0) {
		entry->initrds = (struct via_names){ 0 };
		*via_list_add(reading->arena, &entry->initrds) = value;
	}
}

static int take(struct reading *reading, const char *line)
{
	const char *rest = line, *key = next_word(reading->arena, &rest);

	if (!key || *key == '#')
		return 0;
	if (*key == '}') {
		reading->depth -= reading->depth > 0;
		return 0;
	}
	if (strcasecmp(key, "menuentry") == 0 || strcasecmp(key, "submenuentry") == 0)
		return open_stanza(reading, next_word(reading->arena, &rest));
	if (reading->depth) {
		take_in_stanza(reading, key, rest);
		return 0;
	}
	if (strcasecmp(key, "default_selection") == 0) {
		const char *value = next_word(reading->arena, &rest);

		if (value)
			*via_list_add(reading->arena, &reading->menu->defaults) = value;
	}
	if (strcasecmp(key, "include") == 0)
		reading->menu->by_script = true;
	return 0;
}

int refind_config_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu)
{
	struct reading reading = { .arena = arena, .menu = menu };
	char *line;

	while ((line = line_next(arena, &text))) {
		int r = take(&reading, line_trim(line));

		if (r < 0)
			return r;
	}
	return 0;
}

int refind_linux_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu)
{
	char *line;

	while ((line = line_next(arena, &text))) {
		const char *rest = line_trim(line);
		const char *title = *rest == '#' ? NULL : next_word(arena, &rest);
		const char *options = title ? next_word(arena, &rest) : NULL;
		struct via_boot_entry *entry = options ? boot_menu_add(arena, menu) : NULL;

		if (options && !entry)
			return -E2BIG;
		if (!entry)
			continue;
		entry->title = title;
		entry->options = options;
	}
	return 0;
}
