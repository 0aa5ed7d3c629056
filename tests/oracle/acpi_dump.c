/* SPDX-License-Identifier: GPL-2.0-or-later */
/* acpi_dump FILE… - our JSON of tables; exits 3 when one of them is bad */
#include <stdio.h>

#include "base/cleanup.h"
#include "render/json_acpi.h"
#include "render/text_acpi.h"

enum { TABLE_MAX = 16 << 20 };

static struct via_span read_file(struct via_arena *arena, const char *path)
{
	_cleanup_fclose_ FILE *file = fopen(path, "rb");
	uint8_t *bytes = arena_alloc(arena, TABLE_MAX);

	if (!file)
		return (struct via_span){ 0 };
	return (struct via_span){ bytes, fread(bytes, 1, TABLE_MAX, file) };
}

int main(int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file *files = arena_alloc(arena, (size_t)argc * sizeof(*files));
	FILE *text = fopen("/dev/null", "w");
	int status = 0;
	json_t *json;

	for (int i = 1; i < argc; i++) {
		_cleanup_arena_ struct via_arena *reading = arena_new();
		struct via_span bytes = read_file(reading, argv[i]);

		bytes.data = arena_memdup(arena, bytes.data, bytes.size);
		if (acpi_file_decode(arena, bytes, argv[i], &files[i - 1]) < 0)
			status = 3;
		if (text)
			text_acpi_table(arena, &files[i - 1], text);
	}
	json = json_acpi_tables(arena, files, (size_t)argc - 1);
	json_dumpf(json, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(json);
	if (text)
		fclose(text);
	return status;
}
