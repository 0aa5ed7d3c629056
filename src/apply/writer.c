/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

int writer_sync(int fd)
{
	return fsync(fd) < 0 ? -errno : 0;
}

static int open_directory(const struct via_root *root, const char *path)
{
	return root_openat(root, path, O_RDONLY | O_DIRECTORY);
}

/* @path may be cut at its last slash and is whole again afterwards. */
static int make_last(const struct via_root *root, char *path, mode_t mode)
{
	char *slash = strrchr(path, '/');
	_cleanup_close_ int parent = -1;

	if (slash)
		*slash = '\0';
	parent = open_directory(root, slash ? path : ".");
	if (slash)
		*slash = '/';
	if (parent < 0)
		return parent;
	if (mkdirat(parent, slash ? slash + 1 : path, mode) < 0)
		return errno == EEXIST ? 0 : -errno;
	return writer_sync(parent);
}

int writer_directory(const struct via_root *root, const char *path, mode_t mode)
{
	char part[PATH_MAX];
	int fd, r;

	fd = open_directory(root, path);
	if (fd != -ENOENT)
		return fd;
	if (strlen(path) >= sizeof(part))
		return -ENAMETOOLONG;
	for (size_t end = 1; end <= strlen(path); end++) {
		if (path[end] && path[end] != '/')
			continue;
		memcpy(part, path, end);
		part[end] = '\0';
		fd = open_directory(root, part);
		if (fd >= 0)
			close(fd);
		r = fd == -ENOENT ? make_last(root, part, mode) : fd;
		if (r < 0)
			return r;
	}
	return open_directory(root, path);
}

int writer_create(int directory, const char *name)
{
	_cleanup_close_ int fd =
		openat(directory, name,
		       O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return -errno;
	r = writer_sync(directory);
	return r < 0 ? r : steal_fd(&fd);
}

int writer_reopen(int directory, const char *name, size_t size)
{
	_cleanup_close_ int fd =
		openat(directory, name, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	if ((size_t)status.st_size > size && ftruncate(fd, (off_t)size) < 0)
		return -errno;
	return steal_fd(&fd);
}

int writer_add(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		ssize_t n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

int writer_append(int fd, const void *data, size_t size)
{
	int r = writer_add(fd, data, size);

	return r < 0 ? r : writer_sync(fd);
}

int writer_replace(int directory, const char *name, const void *data, size_t size)
{
	static const char temporary[] = ".new";
	_cleanup_close_ int fd = -1;
	int r;

	unlinkat(directory, temporary, 0); /* of a run that was cut off */
	fd = writer_create(directory, temporary);
	r = fd < 0 ? fd : writer_append(fd, data, size);
	if (r < 0)
		return r;
	if (renameat(directory, temporary, directory, name) < 0 || fsync(directory) < 0)
		return -errno;
	return 0;
}
