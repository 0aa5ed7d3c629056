/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

enum { FILE_LIMIT = 4 * 1024 * 1024 };

static int load_file(struct via_memtree *tree, int at, const char *name, const char *path)
{
	_cleanup_close_ int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *data = malloc(FILE_LIMIT);
	ssize_t size = data && fd >= 0 ? read(fd, data, FILE_LIMIT) : -1;

	return size < 0 || !memtree_add_file(tree, path, data, (size_t)size) ? -EIO : 0;
}

static int load_link(struct via_memtree *tree, int at, const char *name, const char *path)
{
	char target[PATH_MAX];
	ssize_t size = readlinkat(at, name, target, sizeof(target) - 1);

	if (size < 0)
		return -errno;
	target[size] = '\0';
	return memtree_add_link(tree, path, target) ? 0 : -EIO;
}

static int load_entry(struct via_memtree *tree, int at, const char *name, const char *path)
{
	struct stat status;
	int fd;

	if (fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISREG(status.st_mode))
		return load_file(tree, at, name, path);
	if (S_ISLNK(status.st_mode))
		return load_link(tree, at, name, path);
	if (!S_ISDIR(status.st_mode))
		return memtree_add(tree, path, VIA_MEMTREE_SPECIAL) ? 0 : -EIO;
	if (!memtree_find(tree, path) && !memtree_add(tree, path, VIA_MEMTREE_DIRECTORY))
		return -EIO;
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : tree_load(tree, fd, path);
}

int tree_load(struct via_memtree *tree, int fd, const char *path)
{
	_cleanup_closedir_ DIR *directory = fdopendir(fd);
	struct dirent *entry;
	int r = directory ? 0 : -errno;

	while (r == 0 && (entry = readdir(directory))) {
		const char *below =
			arena_printf(tree->arena, "%s%s%s", path, *path ? "/" : "", entry->d_name);

		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = load_entry(tree, dirfd(directory), entry->d_name, below);
	}
	return r;
}
