/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/loader.h"
#include "decode/boot_words.h"

const char *entry_release(struct via_arena *arena, const struct via_boot_entry *entry)
{
	static const char *const prefixes[] = { "vmlinuz-", "vmlinux-", "linux-", "kernel-",
						"bzImage-" };
	const char *name;

	if (!entry->kernel)
		return NULL;
	if (entry->version && *entry->version >= '0' && *entry->version <= '9')
		return entry->version;
	name = path_name(entry->kernel);
	for (size_t i = 0; i < VIA_COUNT(prefixes); i++)
		if (text_starts(name, prefixes[i]) && name[strlen(prefixes[i])] >= '0' &&
		    name[strlen(prefixes[i])] <= '9')
			return arena_strdup(arena, name + strlen(prefixes[i]));
	/* kernel-install: MACHINE/RELEASE/linux */
	if (strcmp(name, "linux") == 0 && name > entry->kernel + 1) {
		char *folder =
			arena_strndup(arena, entry->kernel, (size_t)(name - entry->kernel - 1));

		return strrchr(folder, '/') ? path_name(folder) : NULL;
	}
	return NULL;
}

int menu_find_id(const struct via_boot_menu *menu, const char *id)
{
	size_t length = strlen(id);

	if (text_ends(id, ".conf"))
		length -= strlen(".conf");
	for (size_t i = 0; i < menu->entries.count; i++) {
		const char *own = menu->entries.items[i].id;

		if (own && strncmp(own, id, length) == 0 &&
		    (!own[length] || strcmp(own + length, ".conf") == 0))
			return (int)i;
	}
	return -1;
}

/* $name and ${name} from grubenv; what it does not set is empty when the menu is shown. */
static const char *put_variables_in(const struct via_boot_view *view, const char *text)
{
	const char *out = "";

	for (;;) {
		size_t plain = strcspn(text, "$"), length;
		const char *value;
		bool braces;

		out = arena_printf(view->arena, "%s%.*s", out, (int)plain, text);
		text += plain;
		if (!*text)
			return out;
		braces = *++text == '{';
		text += braces;
		length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_");
		value = grub_variable(&view->grubenv, arena_strndup(view->arena, text, length));
		out = arena_printf(view->arena, "%s%s", out, value ? value : "");
		text += length;
		text += braces && *text == '}';
	}
}

const char *entry_options(const struct via_boot_view *view, const struct via_boot_entry *entry)
{
	const char *options = entry->options ? entry->options : "";

	if (strlen(options) < 16 * 1024 && strchr(options, '$'))
		options = put_variables_in(view, options);
	return words_without_loaders(view->arena, options);
}
