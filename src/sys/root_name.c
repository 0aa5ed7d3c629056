/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/root_part.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/memtree.h"
#include "sys/record.h"

static int read_link(const struct via_root *root, const char *path, char target[PATH_MAX])
{
	_cleanup_close_ int fd = -1;
	const char *kept;
	ssize_t n;
	int r;

	if (root->tree) {
		r = memtree_link(root->tree, path, &kept);
		if (r == 0)
			strcpy(target, kept);
		return r;
	}
	if (root_is_sysfs(root, path)) {
		n = readlinkat(root->fd, path, target, PATH_MAX);
		if (n < 0)
			return -errno;
	} else {
		fd = root_openat(root, path, O_PATH | O_NOFOLLOW);
		if (fd < 0)
			return fd;
		n = readlinkat(fd, "", target, PATH_MAX);
		if (n < 0) /* readlinkat of what is no link says ENOENT */
			return errno == ENOENT ? -EINVAL : -errno;
	}
	if (n == PATH_MAX)
		return -ENAMETOOLONG;
	target[n] = '\0';
	return 0;
}

static struct via_fact link_at(const struct via_root *root, struct via_arena *arena,
			       const char *path)
{
	char target[PATH_MAX];
	int r = read_link(root, path, target);

	if (root->recorder)
		record_link(root->recorder, path, r, target);
	if (r < 0)
		return root_failure(root, path, -r);
	return fact_present(path, arena_strdup(arena, target), 0);
}

struct via_fact root_link_target(const struct via_root *root, struct via_arena *arena,
				 const char *format, ...)
{
	FORMATTED_PATH(arena, format, path);
	return link_at(root, arena, path);
}

struct via_fact root_link(const struct via_root *root, struct via_arena *arena, const char *format,
			  ...)
{
	struct via_fact fact;

	FORMATTED_PATH(arena, format, path);
	fact = link_at(root, arena, path);
	if (fact.known == VIA_PRESENT)
		fact.text = path_name(fact.text);
	return fact;
}

int root_status(const struct via_root *root, const char *path, struct stat *ret)
{
	_cleanup_close_ int fd = -1;

	if (root_is_sysfs(root, path))
		return fstatat(root->fd, path, ret, 0) < 0 ? -errno : 0;
	fd = root_openat(root, path, O_PATH);
	if (fd < 0)
		return fd;
	return fstat(fd, ret) < 0 ? -errno : 0;
}

static int path_exists(const struct via_root *root, const char *path)
{
	int fd;

	if (root->tree)
		return memtree_exists(root->tree, path);
	if (root_is_sysfs(root, path))
		return faccessat(root->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
	fd = root_openat(root, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

struct via_fact root_exists(const struct via_root *root, struct via_arena *arena,
			    const char *format, ...)
{
	int r;

	FORMATTED_PATH(arena, format, path);
	r = path_exists(root, path);
	if (root->recorder)
		record_path(root->recorder, path, r);
	if (r < 0)
		return root_failure(root, path, -r);
	return fact_present(path, NULL, 1);
}

static int read_names(const struct via_root *root, struct via_arena *arena, struct via_names *ret,
		      const char *path)
{
	_cleanup_closedir_ DIR *directory = NULL;
	struct via_names kept = { 0 };
	struct dirent *entry;
	int fd, r;

	if (root->tree) {
		r = memtree_names(root->tree, path, &kept);
		via_for_each (name, &kept)
			*via_list_add(arena, ret) = arena_strdup(arena, *name);
		return r;
	}
	fd = root_openat(root, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fd;
	directory = fdopendir(fd);
	if (!directory) {
		close(fd);
		return -ENOMEM;
	}
	for (errno = 0; (entry = readdir(directory)); errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			*via_list_add(arena, ret) = arena_strdup(arena, entry->d_name);
	return -errno;
}

static struct via_fact entries_at(const struct via_root *root, struct via_arena *arena,
				  struct via_names *names, const char *path, bool sorted)
{
	int r = read_names(root, arena, names, path);

	if (sorted || root->recorder)
		names_sort(names);
	if (root->recorder)
		record_names(root->recorder, path, r, names);
	if (r == -ENOENT && !root_tells_absence(root, path))
		return fact_unknown(path, ENODATA);
	if (r == -ENOTDIR && !root_as_live(root)) /* what has the name is no directory */
		return fact_unknown(path, ENOTDIR);
	if (r < 0)
		return root_failure(root, path, -r);
	return fact_present(path, NULL, names->count);
}

struct via_fact root_entries(const struct via_root *root, struct via_arena *arena,
			     struct via_names *ret, const char *format, ...)
{
	struct via_names names = { 0 };
	struct via_fact fact;

	FORMATTED_PATH(arena, format, path);
	fact = entries_at(root, arena, &names, path, true);
	if (ret)
		*ret = names;
	return fact;
}

struct via_fact root_listing(const struct via_root *root, struct via_arena *arena,
			     struct via_names *ret, const char *format, ...)
{
	struct via_names names = { 0 };
	struct via_fact fact;

	FORMATTED_PATH(arena, format, path);
	fact = entries_at(root, arena, &names, path, false);
	*ret = names;
	return fact;
}
