/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <getopt.h>

#include "base/cleanup.h"
#include "cmd/user_file.h"
#include "decode/acpi_file.h"
#include "render/json_acpi.h"
#include "render/text_acpi.h"

enum { TABLE_LIMIT = 16 * 1024 * 1024 };

static int decode_one(struct via_session *session, struct via_arena *arena, const char *path,
		      struct via_acpi_file *ret)
{
	struct via_span bytes = { 0 };
	struct via_error error;
	int r = user_file_read(arena, "read table", path, TABLE_LIMIT, &bytes, &error);

	if (r < 0) {
		session_complain(session, &error);
		acpi_file_decode(arena, bytes, path, ret);
		ret->trouble = arena_printf(arena, "it could not be read (%s)", errno_name(-r));
		return r;
	}
	r = acpi_file_decode(arena, bytes, path, ret);
	if (r < 0)
		fprintf(stderr, "viaduct: decode table: %s: %s\n", path, ret->trouble);
	return r;
}

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	int option = command_options(session, &command_acpi, argc, argv, "", NULL);
	struct via_acpi_file *files;
	bool damaged = false;
	size_t count;

	if (option != -1)
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	if (optind == argc)
		return session_usage(session, "acpi", "no file named");
	count = (size_t)(argc - optind);
	files = arena_alloc(arena, count * sizeof(*files));
	for (size_t i = 0; i < count; i++)
		damaged |= decode_one(session, arena, argv[optind + (int)i], &files[i]) < 0;
	if (session->json)
		session_print_json(json_acpi_tables(arena, files, count));
	for (size_t i = 0; !session->json && i < count; i++)
		text_acpi_table(arena, &files[i], stdout);
	return damaged ? VIA_EXIT_COULD_NOT : VIA_EXIT_DONE;
}

const struct via_command command_acpi = {
	.name = "acpi",
	.usage = "FILE...",
	.summary = "Decode ACPI tables: DMAR and IVRS in full, IORT by its nodes",
	.help = "A table is a file as in /sys/firmware/acpi/tables. What can be read of a damaged\n"
		"table is shown; the exit status is 3 then, and the other files are decoded.\n",
	.run = run,
};
