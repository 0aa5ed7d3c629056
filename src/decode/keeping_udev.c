/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/parse.h"
#include "decode/keeping.h"
#include "decode/line.h"

/* KEY{attribute}OPERATOR"value" */
struct token {
	const char *key, *operator, * value;
};

static bool next_token(struct via_arena *arena, const char **rest, struct token *ret)
{
	const char *key = *rest + strspn(*rest, ", \t"), *end = key, *close;
	size_t length;

	end += strcspn(end, "{=!+-: \t");
	if (*end == '{')
		end += strcspn(end, "}") + (strchr(end, '}') != NULL);
	ret->key = arena_strndup(arena, key, (size_t)(end - key));
	end += strspn(end, " \t");
	length = strspn(end, "=!+-:");
	ret->operator= arena_strndup(arena, end, length);
	end += length;
	end += strspn(end, " \tei");
	close = *end == '"' ? strchr(end + 1, '"') : NULL;
	if (!length || !close)
		return false;
	ret->value = arena_strndup(arena, end + 1, (size_t)(close - end - 1));
	*rest = close + 1;
	return true;
}

static void ask_kernel(struct via_keeping_match *match, const char *value)
{
	if (strchr(value, ':'))
		match->path = value;
	else
		match->name = value;
}

static void ask(struct via_arena *arena, struct via_keeping_match *match, const struct token *token)
{
	static const struct {
		const char *key;
		size_t at;
	} keys[] = {
		{ "NAME", offsetof(struct via_keeping_match, name) },
		{ "ENV{INTERFACE}", offsetof(struct via_keeping_match, name) },
		{ "ENV{ID_PATH}", offsetof(struct via_keeping_match, path) },
		{ "ENV{PCI_SLOT_NAME}", offsetof(struct via_keeping_match, path) },
		{ "DRIVER", offsetof(struct via_keeping_match, driver) },
		{ "DRIVERS", offsetof(struct via_keeping_match, driver) },
		{ "ENV{DRIVER}", offsetof(struct via_keeping_match, driver) },
		{ "ENV{ID_NET_DRIVER}", offsetof(struct via_keeping_match, driver) },
		{ "ATTR{vendor}", offsetof(struct via_keeping_match, vendor) },
		{ "ATTRS{vendor}", offsetof(struct via_keeping_match, vendor) },
		{ "ATTR{device/vendor}", offsetof(struct via_keeping_match, vendor) },
		{ "ATTR{device}", offsetof(struct via_keeping_match, product) },
		{ "ATTRS{device}", offsetof(struct via_keeping_match, product) },
		{ "ATTR{device/device}", offsetof(struct via_keeping_match, product) },
		{ "ATTR{address}", offsetof(struct via_keeping_match, mac) },
	};

	if (text_starts(token->key, "SUBSYSTEM") || strcmp(token->key, "ACTION") == 0)
		return;
	if (strcmp(token->operator, "==") != 0) {
		match->more = true;
		return;
	}
	if (text_starts(token->key, "KERNEL")) {
		ask_kernel(match, token->value);
		return;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strcmp(keys[i].key, token->key) == 0) {
			memcpy((char *)match + keys[i].at, &token->value, sizeof(token->value));
			return;
		}
	match->more = true;
}

static const char *assigned(struct via_arena *arena, const struct token *token)
{
	if (text_ends(token->key, "{driver_override}"))
		return arena_printf(arena, "driver_override %s", token->value);
	if (text_ends(token->key, "sriov_numvfs}"))
		return arena_printf(arena, "%s virtual functions", token->value);
	return NULL;
}

static void read_rule(struct via_arena *arena, const char *path, const char *rule,
		      struct via_keepings *list)
{
	struct via_keeping_match *match = arena_new_object(arena, struct via_keeping_match);
	const char *what = NULL;
	struct token token;

	while (next_token(arena, &rule, &token)) {
		bool matches =
			strcmp(token.operator, "==") == 0 || strcmp(token.operator, "!=") == 0;

		if (matches)
			ask(arena, match, &token);
		else
			what = assigned(arena, &token) ?: what;
	}
	if (!what)
		return;
	match->more |= !keeping_asks(match);
	*via_list_add(arena, list) = (struct via_keeping){
		.keeper = VIA_KEEPER_UDEV,
		.path = path,
		.device = keeping_match_name(arena, match),
		.match = match,
		.what = what,
		.at_boot = true,
	};
}

void keeping_udev(struct via_arena *arena, const char *path, struct via_span text,
		  struct via_keepings *list)
{
	const char *rule = "";
	char *line;

	while ((line = line_next(arena, &text))) {
		size_t length;

		line = line_trim(line);
		length = strlen(line);
		if (*line == '#')
			continue;
		if (length && line[length - 1] == '\\') {
			line[length - 1] = '\0';
			rule = arena_printf(arena, "%s%s", rule, line);
			continue;
		}
		read_rule(arena, path, arena_printf(arena, "%s%s", rule, line), list);
		rule = "";
	}
}
