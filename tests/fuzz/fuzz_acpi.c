/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "render/json_acpi.h"
#include "render/text_acpi.h"

static void decode(struct via_span bytes, FILE *out)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;
	int r = acpi_file_decode(arena, bytes, "fuzz", &file);

	if ((r < 0) != (file.trouble != NULL))
		abort();
	if (out)
		text_acpi_table(arena, &file, out);
	json_decref(json_acpi_tables(arena, &file, 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *out;

	if (!out)
		out = fopen("/dev/null", "w");
	decode((struct via_span){ data, size }, out);
	return 0;
}
