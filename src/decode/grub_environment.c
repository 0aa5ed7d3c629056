/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/grub_environment.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

enum { BLOCK_BYTES = 1024, VARIABLES = 256 };

static const char signature[] = "# GRUB Environment Block\n";

/* One logical line: a backslash takes the next byte for what it is, newlines too. */
static char *take_line(struct via_arena *arena, struct via_span *rest)
{
	char *line = arena_alloc(arena, rest->size + 1);
	size_t at = 0, length = 0;

	for (; at < rest->size && rest->data[at] != '\n'; at++) {
		if (rest->data[at] == '\\' && at + 1 < rest->size)
			at++;
		line[length++] = (char)rest->data[at];
	}
	at += at < rest->size;
	rest->data += at;
	rest->size -= at;
	return line;
}

int grub_environment_decode(struct via_arena *arena, struct via_span bytes,
			    struct via_grub_environment *ret)
{
	struct via_grub_environment environment = { 0 };
	bool signed_block = bytes.size >= sizeof(signature) - 1 &&
			    memcmp(bytes.data, signature, sizeof(signature) - 1) == 0;
	struct via_span rest = bytes;

	environment.whole = signed_block && bytes.size == BLOCK_BYTES;
	if (rest.size > BLOCK_BYTES * 8)
		rest.size = BLOCK_BYTES * 8;
	while (rest.size && environment.variables.count < VARIABLES) {
		char *line, *equals;

		if (*rest.data == '#') {
			const uint8_t *end = memchr(rest.data, '\n', rest.size);
			size_t skip = end ? (size_t)(end - rest.data) + 1 : rest.size;

			rest.data += skip;
			rest.size -= skip;
			continue;
		}
		line = take_line(arena, &rest);
		equals = strchr(line, '=');
		if (!equals || equals == line)
			continue;
		*equals = '\0';
		*via_list_add(arena, &environment.variables) =
			(struct via_grub_variable){ line, equals + 1 };
	}
	*ret = environment;
	return signed_block ? 0 : -EBADMSG;
}

const char *grub_variable(const struct via_grub_environment *environment, const char *name)
{
	via_for_each (variable, &environment->variables)
		if (strcmp(variable->name, name) == 0)
			return *variable->value ? variable->value : NULL;
	return NULL;
}
