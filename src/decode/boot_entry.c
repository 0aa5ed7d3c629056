/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/boot_menu.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/line.h"

/* Where "+LEFT" or "+LEFT-DONE" starts in a name without its suffix; NULL for none. */
static const char *find_counter(const char *name, size_t length)
{
	const char *at = name + length;
	size_t digits = 0;

	while (at > name && (isdigit((unsigned char)at[-1]) || at[-1] == '-')) {
		at--;
		digits += isdigit((unsigned char)*at) != 0;
	}
	return at > name && at[-1] == '+' && digits && isdigit((unsigned char)*at) ? at - 1 : NULL;
}

const char *boot_entry_id(struct via_arena *arena, const char *name, int *ret_tries_left)
{
	const char *dot = strrchr(name, '.');
	size_t length = dot ? (size_t)(dot - name) : strlen(name);
	const char *counter = find_counter(name, length);
	int left = 0;

	*ret_tries_left = -1;
	if (!counter)
		return arena_strdup(arena, name);
	for (const char *at = counter + 1; isdigit((unsigned char)*at) && left < 100000; at++)
		left = left * 10 + (*at - '0');
	*ret_tries_left = left;
	return arena_printf(arena, "%.*s%s", (int)(counter - name), name, dot ? dot : "");
}

static void take_key(struct via_arena *arena, struct via_boot_entry *entry, const char *key,
		     char *value)
{
	const struct {
		const char *key;
		const char **to;
	} plain[] = {
		{ "title", &entry->title },
		{ "version", &entry->version },
		{ "sort-key", &entry->sort_key },
		{ "linux", &entry->kernel },
	};

	for (size_t i = 0; i < VIA_COUNT(plain); i++)
		if (strcmp(key, plain[i].key) == 0)
			*plain[i].to = value;
	if (strcmp(key, "efi") == 0 || strcmp(key, "uki") == 0) {
		entry->kernel = value;
		entry->efi = true;
	}
	if (strcmp(key, "options") == 0)
		boot_entry_add_options(arena, entry, value);
	if (strcmp(key, "initrd") == 0) /* GRUB takes several on one line */
		for (char *word; (word = line_word(&value));)
			*via_list_add(arena, &entry->initrds) = word;
}

int boot_entry_decode(struct via_arena *arena, const char *name, struct via_span text,
		      struct via_boot_menu *menu)
{
	struct via_boot_entry found = { .parent = -1 };
	struct via_boot_entry *entry;
	char *line, *value;

	while ((line = line_next(arena, &text))) {
		const char *key = line_key(line, &value);

		if (key)
			take_key(arena, &found, key, value);
	}
	if (!found.kernel)
		return -ENODATA;
	entry = boot_menu_add(arena, menu);
	if (!entry)
		return -E2BIG;
	*entry = found;
	entry->id = boot_entry_id(arena, name, &entry->tries_left);
	for (size_t i = 0; i < entry->initrds.count; i++)
		entry->variables |= strchr(entry->initrds.items[i], '$') != NULL;
	return 0;
}

void loader_conf_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu)
{
	char *line, *value;

	while ((line = line_next(arena, &text))) {
		const char *key = line_key(line, &value);

		if (key && strcmp(key, "default") == 0 && *value)
			*via_list_add(arena, &menu->defaults) = value;
	}
}
