/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include "base/arena.h"
#include "decode/declaration.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct via_arena *arena = arena_new();
	struct via_declaration *declaration;
	struct via_error error;

	declaration_read(arena, (struct via_span){ data, size }, "fuzz", &declaration, &error);
	arena_free(arena);
	return 0;
}
