/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/last_words.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/names.h"
#include "base/parse.h"
#include "decode/line.h"

enum { RECORD_BYTES = 256 * 1024 };

/* The file system itself, and where systemd-pstore puts what it found there. */
static const char *const places[] = { "sys/fs/pstore", "var/lib/systemd/pstore" };

static const char *const marks[] = { "Kernel panic", "Oops", "BUG:", "Unable to mount root" };

static const char *find_line(struct via_arena *arena, struct via_span text)
{
	char *line;

	while ((line = line_next(arena, &text)))
		for (size_t i = 0; i < VIA_COUNT(marks); i++)
			if (strstr(line, marks[i]))
				return strstr(line, marks[i]);
	return NULL;
}

static bool is_newer(const struct via_root *root, const char *path, time_t since)
{
	_cleanup_close_ int fd = root_openat(root, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;

	return fd >= 0 && fstat(fd, &status) == 0 && status.st_mtim.tv_sec >= since;
}

static const char *read_record(const struct via_root *root, struct via_arena *arena,
			       const char *path, time_t since)
{
	struct via_blob blob;

	if (!text_starts(path_name(path), "dmesg") || !is_newer(root, path, since))
		return NULL;
	blob = root_blob(root, arena, RECORD_BYTES, "%s", path);
	return fact_is(&blob.fact, VIA_PRESENT) ? find_line(arena, blob.span) : NULL;
}

const char *boot_last_words(const struct via_root *root, struct via_arena *arena, time_t since)
{
	const char *found = NULL;

	for (size_t i = 0; !found && i < VIA_COUNT(places); i++) {
		struct via_names names;

		root_entries(root, arena, &names, "%s", places[i]);
		via_for_each (name, &names)
			if (!found)
				found = read_record(root, arena,
						    arena_printf(arena, "%s/%s", places[i], *name),
						    since);
	}
	return found;
}
