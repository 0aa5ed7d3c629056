/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/cleanup.h"
#include "sys/file_state.h"
#include "sys/settle.h"

static const char *flagged(uint64_t flags, bool directory)
{
	if (flags & STATX_ATTR_IMMUTABLE)
		return directory ? "its directory is immutable (lsattr -d shows it, chattr -i)"
				 : "it is immutable (lsattr shows it, chattr -i undoes it)";
	if (flags & STATX_ATTR_APPEND)
		return directory ? "its directory only lets files be added (chattr -a)"
				 : "it may only be appended to (chattr -a)";
	return NULL;
}

/* Of a file that is there. */
static const char *of_file(const struct statx *status, struct via_arena *arena)
{
	if (S_ISDIR(status->stx_mode))
		return "it is a directory";
	if (!S_ISREG(status->stx_mode))
		return "it is no regular file";
	if (status->stx_attributes & STATX_ATTR_MOUNT_ROOT)
		return "something is mounted on it: its name cannot be given another file";
	if (status->stx_nlink > 1)
		return arena_printf(arena,
				    "it has %u names (hard links): replacing one would part them",
				    status->stx_nlink);
	return flagged(status->stx_attributes, false);
}

static int of_directory(int directory, const char **ret)
{
	struct statvfs system;
	struct statx status;

	if (fstatvfs(directory, &system) < 0 ||
	    statx(directory, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status) < 0)
		return -errno;
	*ret = system.f_flag & ST_RDONLY ? "it lies on a read-only file system"
					 : flagged(status.stx_attributes, true);
	return 0;
}

int file_open_above(const struct via_root *root, const char *path)
{
	char upper[PATH_MAX];
	char *slash;
	int fd;

	snprintf(upper, sizeof(upper), "%s", path);
	while ((slash = strrchr(upper, '/'))) {
		*slash = '\0';
		fd = root_openat(root, upper, O_RDONLY | O_DIRECTORY);
		if (fd != -ENOENT)
			return fd;
	}
	return root_openat(root, ".", O_RDONLY | O_DIRECTORY);
}

static int of_new_directory(const struct via_root *root, const char *path, struct via_arena *arena,
			    const char **ret)
{
	_cleanup_close_ int above = file_open_above(root, path);

	if (!*file_missing_parents(root, path, arena)) {
		*ret = "it is a link into a directory that is not there";
		return 0;
	}
	return above < 0 ? above : of_directory(above, ret);
}

int file_obstacle(const struct via_root *root, const char *path, struct via_arena *arena,
		  const char **ret)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	const char *obstacle = NULL;
	struct statx status;
	int r = file_locate(root, path, &place);

	if (r == -ENOENT)
		return of_new_directory(root, path, arena, ret);
	if (r == 0)
		r = of_directory(place.directory, &obstacle);
	if (r < 0)
		return r;
	if (!obstacle && statx(place.directory, place.name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS,
			       &status) == 0)
		obstacle = of_file(&status, arena);
	*ret = obstacle ?: settle_obstacle(root, path, &place);
	return 0;
}

const char *file_missing_parents(const struct via_root *root, const char *path,
				 struct via_arena *arena)
{
	const char *missing = "";

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		const char *upper = arena_strndup(arena, path, (size_t)(slash - path));
		_cleanup_close_ int fd = root_openat(root, upper, O_RDONLY | O_DIRECTORY);

		if (fd == -ENOENT)
			missing =
				arena_printf(arena, "%s%s%s", missing, *missing ? " " : "", upper);
	}
	return missing;
}
