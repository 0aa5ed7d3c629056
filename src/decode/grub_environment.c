/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/grub_environment.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/line.h"

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

bool grub_variable_there(const struct via_grub_environment *environment, const char *name)
{
	via_for_each (variable, &environment->variables)
		if (strcmp(variable->name, name) == 0)
			return true;
	return false;
}

/* Where a logical line ends, its newline included. */
static size_t line_size(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *start = at;

	for (; at < end && *at != '\n'; at++)
		if (*at == '\\' && *start != '#' && at + 1 < end)
			at++;
	return (size_t)(at - start) + (at < end);
}

static bool is_line_of(const uint8_t *at, size_t size, const char *name)
{
	size_t length = strlen(name);

	return size > length && memcmp(at, name, length) == 0 && at[length] == '=';
}

int grub_environment_set(struct via_arena *arena, struct via_span bytes, const char *name,
			 const char *value, struct via_span *ret)
{
	struct via_span old = bytes.size ? bytes : span_of_text(signature);
	const uint8_t *at = old.data, *end = old.data + old.size;
	size_t length = 0, room = value ? strlen(name) + strlen(value) + 2 : 0, size;
	uint8_t *block = arena_alloc(arena, BLOCK_BYTES + room + 1);

	if (old.size < sizeof(signature) - 1 ||
	    memcmp(old.data, signature, sizeof(signature) - 1) != 0 ||
	    (bytes.size && bytes.size != BLOCK_BYTES))
		return -EBADMSG;
	/* What pads the block is one comment that no newline ends. */
	for (; at < end && at[line_size(at, end) - 1] == '\n'; at += size) {
		size = line_size(at, end);
		if (is_line_of(at, size, name))
			continue;
		memcpy(block + length, at, size);
		length += size;
	}
	if (value)
		length += (size_t)sprintf((char *)block + length, "%s=%s\n", name, value);
	if (length > BLOCK_BYTES)
		return -ENOSPC;
	memset(block + length, '#', BLOCK_BYTES - length);
	*ret = (struct via_span){ block, BLOCK_BYTES };
	return 0;
}
