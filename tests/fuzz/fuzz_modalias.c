/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A modalias on the first line, an index of modules behind it. */
#include "fuzz.h"

#include <string.h>

#include "base/cleanup.h"
#include "decode/modalias.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
	size_t length = line ? (size_t)(line - data) : size;
	const char *alias = arena_strndup(arena, size ? (const char *)data : "", length);
	struct via_span rest = { .data = data + length, .size = size - length };
	struct via_names loadable = { 0 }, builtin = { 0 };

	modalias_claims(arena, rest, alias, &loadable);
	modalias_builtin_claims(arena, rest, alias, &builtin);
	return 0;
}
