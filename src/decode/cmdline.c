/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/cmdline.h"

#include <ctype.h>
#include <string.h>

/* The next word of @text, its quotes taken off; NULL at the end. */
static char *next_word(struct via_arena *arena, const char **text)
{
	const char *at = *text;
	bool quoted = false;
	size_t length = 0;
	char *word;

	while (isspace((unsigned char)*at))
		at++;
	if (!*at)
		return NULL;
	word = arena_alloc(arena, strlen(at) + 1);
	for (; *at && (quoted || !isspace((unsigned char)*at)); at++) {
		if (*at == '"')
			quoted = !quoted;
		else
			word[length++] = *at;
	}
	*text = at;
	return word;
}

void cmdline_decode(struct via_arena *arena, const char *text, struct via_cmdline *ret)
{
	struct via_cmdline cmdline = { 0 };
	char *word;

	while ((word = next_word(arena, &text)) && strcmp(word, "--") != 0) {
		struct via_parameter *parameter = via_list_add(arena, &cmdline);
		char *equals = strchr(word, '=');

		parameter->name = word;
		if (equals) {
			*equals = '\0';
			parameter->value = equals + 1;
		}
	}
	*ret = cmdline;
}

bool parameter_is(const struct via_parameter *parameter, const char *name)
{
	const char *own = parameter->name;

	for (; *own && *name; own++, name++) {
		char a = *own == '-' ? '_' : *own, b = *name == '-' ? '_' : *name;

		if (a != b)
			return false;
	}
	return *own == *name;
}

const struct via_parameter *cmdline_last(const struct via_cmdline *cmdline, const char *name)
{
	const struct via_parameter *last = NULL;

	via_for_each (parameter, cmdline)
		if (parameter_is(parameter, name))
			last = parameter;
	return last;
}

static bool list_holds(const char *list, const char *option)
{
	size_t length = strlen(option);

	for (const char *at = list; at; at = strchr(at, ','), at = at ? at + 1 : NULL)
		if (strncmp(at, option, length) == 0 && (at[length] == ',' || !at[length]))
			return true;
	return false;
}

bool cmdline_has_option(const struct via_cmdline *cmdline, const char *name, const char *option)
{
	via_for_each (parameter, cmdline)
		if (parameter_is(parameter, name) && parameter->value &&
		    list_holds(parameter->value, option))
			return true;
	return false;
}
