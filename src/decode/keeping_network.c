/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/parse.h"
#include "decode/keeping.h"
#include "decode/line.h"

enum { DEEPEST = 32 };

static void add(struct via_arena *arena, enum via_keeper keeper, const char *path,
		const char *device, const char *what, struct via_keepings *list)
{
	*via_list_add(arena, list) = (struct via_keeping){
		.keeper = keeper, .path = path, .device = device, .what = what, .at_boot = true
	};
}

/* The mappings that the present line stands in, by their indentation. */
struct nesting {
	struct {
		size_t indent;
		const char *key;
	} levels[DEEPEST];
	size_t depth;
};

static void enter(struct nesting *nesting, size_t indent, const char *key)
{
	while (nesting->depth && nesting->levels[nesting->depth - 1].indent >= indent)
		nesting->depth--;
	if (nesting->depth == DEEPEST)
		return;
	nesting->levels[nesting->depth].indent = indent;
	nesting->levels[nesting->depth++].key = key;
}

static const char *unquoted(char *value)
{
	size_t length;

	value[strcspn(value, "#")] = '\0';
	value = line_trim(value);
	length = strlen(value);
	if (length >= 2 && strchr("'\"", *value) && value[length - 1] == *value) {
		value[length - 1] = '\0';
		value++;
	}
	return value;
}

void keeping_netplan(struct via_arena *arena, const char *path, struct via_span text,
		     struct via_keepings *list)
{
	struct nesting nesting = { .depth = 0 };
	char *line;

	while ((line = line_next(arena, &text))) {
		size_t indent = strspn(line, " ");
		char *key = line_trim(line), *value = strchr(key, ':');
		const char *interface;

		if (!value || *key == '#')
			continue;
		*value++ = '\0';
		enter(&nesting, indent, key);
		interface = nesting.depth >= 2 ? nesting.levels[nesting.depth - 2].key : "";
		if (strcmp(key, "virtual-function-count") == 0)
			add(arena, VIA_KEEPER_NETPLAN, path, interface,
			    arena_printf(arena, "%s virtual functions", unquoted(value)), list);
		else if (strcmp(key, "embedded-switch-mode") == 0)
			add(arena, VIA_KEEPER_NETPLAN, path, interface,
			    arena_printf(arena, "eswitch mode %s", unquoted(value)), list);
	}
}

/* What [Match] of a file has said so far. */
struct match {
	const char *name;
	bool path;
};

/* Path=pci-0000:01:00.0 and its like name the device itself. */
static void note_match(struct match *match, const char *key, const char *value)
{
	if (strcmp(key, "Path") == 0 && text_starts(value, "pci-")) {
		match->name = value + strlen("pci-");
		match->path = true;
	} else if (!match->path && (strcmp(key, "Name") == 0 || strcmp(key, "OriginalName") == 0)) {
		match->name = value;
	}
}

void keeping_networkd(struct via_arena *arena, const char *path, struct via_span text,
		      struct via_keepings *list)
{
	const char *section = "";
	struct match match = { .name = "" };
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
			note_match(&match, key, value);
		else if (strcmp(key, "SR-IOVVirtualFunctions") == 0)
			add(arena, VIA_KEEPER_NETWORKD, path, match.name,
			    arena_printf(arena, "%s virtual functions", value), list);
		else if (strcmp(section, "[SR-IOV]") == 0 && strcmp(key, "VirtualFunction") == 0)
			add(arena, VIA_KEEPER_NETWORKD, path, match.name,
			    arena_printf(arena, "settings of virtual function %s", value), list);
	}
}
