/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/blacklist.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

static void add_name(struct via_arena *arena, const char *text, size_t length,
		     struct via_names *names)
{
	char *name = arena_strndup(arena, text, length);

	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	if (*name && !names_have(names, name))
		*via_list_add(arena, names) = name;
}

/* A command in place of the module that does nothing at all. */
static bool does_nothing(const char *command)
{
	static const char *const commands[] = { "/bin/false",	 "/bin/true", "/usr/bin/false",
						"/usr/bin/true", "false",     "true" };

	for (size_t i = 0; command && i < VIA_COUNT(commands); i++)
		if (strcmp(commands[i], command) == 0)
			return true;
	return false;
}

static void take_line(struct via_arena *arena, char *line, struct via_names *names)
{
	char *save = NULL, *key = strtok_r(line, " \t", &save);
	char *name = key ? strtok_r(NULL, " \t", &save) : NULL;

	if (!name)
		return;
	if (strcmp(key, "blacklist") == 0 ||
	    (strcmp(key, "install") == 0 && does_nothing(strtok_r(NULL, " \t", &save))))
		add_name(arena, name, strlen(name), names);
}

void blacklist_of_file(struct via_arena *arena, struct via_span file, struct via_names *names)
{
	char *text = arena_strndup(arena, file.data ? (const char *)file.data : "", file.size);
	char *save = NULL;

	/* A backslash at its end joins a line to the next. */
	for (char *at = text; (at = strstr(at, "\\\n")); at += 2)
		memset(at, ' ', 2);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		take_line(arena, line, names);
}

void blacklist_of_cmdline(struct via_arena *arena, const char *cmdline, struct via_names *names)
{
	static const char *const keys[] = { "module_blacklist=", "modprobe.blacklist=" };

	for (const char *word = cmdline; *word; word += strcspn(word, " \t\n")) {
		word += strspn(word, " \t\n");
		for (size_t i = 0; i < VIA_COUNT(keys); i++) {
			const char *at = word + strlen(keys[i]);

			if (!text_starts(word, keys[i]))
				continue;
			while (*at && !strchr(" \t\n", *at)) {
				size_t length = strcspn(at, ", \t\n");

				add_name(arena, at, length, names);
				at += length + (at[length] == ',');
			}
		}
	}
}
