/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/user_file.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/cleanup.h"

int user_file_read(struct via_arena *arena, const char *what, const char *path, size_t limit,
		   struct via_span *ret, struct via_error *error)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	struct stat status;
	size_t size;
	uint8_t *data;

	if (!file || fstat(fileno(file), &status) < 0)
		return error_set(error, -errno, what, path, NULL);
	if (!S_ISREG(status.st_mode))
		return error_set(error, -EBADMSG, what, path, "not a regular file");
	if ((uint64_t)status.st_size > limit)
		return error_set(error, -EFBIG, what, path, "longer than any file of its kind");
	/* sysfs gives the length of a table, /dev/null and the like give 0. */
	data = arena_alloc(arena, (size_t)status.st_size + 1);
	size = fread(data, 1, (size_t)status.st_size, file);
	if (ferror(file))
		return error_set(error, -EIO, what, path, NULL);
	*ret = (struct via_span){ .data = data, .size = size };
	return 0;
}
