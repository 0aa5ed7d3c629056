/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "decode/acpi_file.h"
#include "render/json_acpi.h"
#include "render/text_acpi.h"

enum { TABLE_LIMIT = 16 * 1024 * 1024 };

/* A file the user names is the user's own: it is opened as any program would. */
static int read_file(struct via_arena *arena, const char *path, struct via_span *ret,
		     struct via_error *error)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	struct stat status;
	size_t size;
	uint8_t *data;

	if (!file || fstat(fileno(file), &status) < 0)
		return error_set(error, -errno, "read table", path, NULL);
	if (!S_ISREG(status.st_mode))
		return error_set(error, -EINVAL, "read table", path, "not a regular file");
	if (status.st_size > TABLE_LIMIT)
		return error_set(error, -EFBIG, "read table", path, "no ACPI table is so long");
	/* sysfs gives the length of the table, /dev/null and the like give 0. */
	data = arena_alloc(arena, (size_t)status.st_size + 1);
	size = fread(data, 1, (size_t)status.st_size, file);
	if (ferror(file))
		return error_set(error, -EIO, "read table", path, NULL);
	*ret = (struct via_span){ .data = data, .size = size };
	return 0;
}

static int decode_one(struct via_session *session, struct via_arena *arena, const char *path,
		      struct via_acpi_file *ret)
{
	struct via_span bytes = { 0 };
	struct via_error error;
	int r = read_file(arena, path, &bytes, &error);

	if (r < 0) {
		error.code = error.code == -EINVAL ? -EBADMSG : error.code;
		session_fail(&(struct via_session){ 0 }, &error);
		acpi_file_decode(arena, bytes, path, ret);
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
	.summary = "Decode ACPI tables: DMAR and IVRS in full",
	.help = "A table is a file as in /sys/firmware/acpi/tables. What can be read of a damaged\n"
		"table is shown; the exit status is 3 then, and the other files are decoded.\n",
	.run = run,
};
