/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <string.h>

#include "base/parse.h"
#include "decode/keeping.h"
#include "decode/line.h"

/* An address in either spelling: 02-00-… as well as 02:00:… */
static const char *mac_text(struct via_arena *arena, const char *value)
{
	char *text = arena_strdup(arena, value);

	for (char *at = text; *at; at++)
		*at = *at == '-' ? ':' : (char)tolower((unsigned char)*at);
	return text;
}

/* A line of [Match]. "!" before a list asks for what is none of it. */
static void ask(struct via_arena *arena, struct via_keeping_match *match, const char *key,
		const char *value)
{
	if (strcmp(key, "Type") == 0 && strcmp(value, "ether") == 0)
		return;
	if (*value == '!')
		match->more = true;
	else if (strcmp(key, "Path") == 0)
		match->path = keeping_ask(arena, match->path, value);
	else if (strcmp(key, "Name") == 0 || strcmp(key, "OriginalName") == 0)
		match->name = keeping_ask(arena, match->name, value);
	else if (strcmp(key, "Driver") == 0)
		match->driver = keeping_ask(arena, match->driver, value);
	else if (text_ends(key, "MACAddress"))
		match->mac = keeping_ask(arena, match->mac, mac_text(arena, value));
	else
		match->more = true;
}

static void add(struct via_arena *arena, const char *path, struct via_keeping_match *match,
		const char *what, struct via_keepings *list)
{
	match->more |= !keeping_asks(match);
	*via_list_add(arena, list) = (struct via_keeping){
		.keeper = VIA_KEEPER_NETWORKD,
		.path = path,
		.device = keeping_match_name(arena, match),
		.match = match,
		.what = what,
		.at_boot = true,
	};
}

void keeping_networkd(struct via_arena *arena, const char *path, struct via_span text,
		      struct via_keepings *list)
{
	struct via_keeping_match *match = arena_new_object(arena, struct via_keeping_match);
	const char *section = "";
	char *line;

	while ((line = line_next(arena, &text))) {
		char *key = line_trim(line), *value;

		if (*key == '[') {
			section = key;
			continue;
		}
		value = strchr(key, '=');
		if (!value || strchr("#;", *key))
			continue;
		*value++ = '\0';
		key = line_trim(key);
		value = line_trim(value);
		if (strcmp(section, "[Match]") == 0)
			ask(arena, match, key, value);
		else if (strcmp(key, "SR-IOVVirtualFunctions") == 0)
			add(arena, path, match, arena_printf(arena, "%s virtual functions", value),
			    list);
		else if (strcmp(section, "[SR-IOV]") == 0 && strcmp(key, "VirtualFunction") == 0)
			add(arena, path, match,
			    arena_printf(arena, "settings of virtual function %s", value), list);
	}
}
