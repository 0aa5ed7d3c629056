/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/root.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { TEXT_LIMIT = 64 * 1024 };

static int openat2_in_root(int fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long r;

	/* EAGAIN: a rename raced with "..", which the kernel could not prove harmless. */
	for (int tries = 0; tries < 8; tries++) {
		r = syscall(SYS_openat2, fd, path, &how, sizeof(how));
		if (r >= 0 || errno != EAGAIN)
			break;
	}
	return r < 0 ? -errno : (int)r;
}

int root_open(struct via_root *ret, const char *path, struct via_error *error)
{
	struct via_root root = { .fd = -1, .live = strcmp(path, "/") == 0 };
	int probe;

	if (strlen(path) >= sizeof(root.path))
		return error_set(error, -ENAMETOOLONG, "open source", path, NULL);
	strcpy(root.path, path);
	root.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root.fd < 0)
		return error_set(error, -errno, "open source", path, NULL);
	probe = openat2_in_root(root.fd, ".", O_PATH | O_DIRECTORY);
	if (probe >= 0) {
		close(probe);
	} else if (root.live) {
		root.no_openat2 = true;
	} else {
		close(root.fd);
		error_set(error, -ENOSYS, "open source", path,
			  "this kernel cannot confine paths to a directory (openat2: %s)",
			  errno_name(-probe));
		return error_hint(error, "read it on a kernel of 5.6 or newer, outside a sandbox "
					 "that forbids openat2");
	}
	*ret = root;
	return 0;
}

void root_close(struct via_root *root)
{
	if (root->fd >= 0)
		close(root->fd);
	root->fd = -1;
}

int root_openat(const struct via_root *root, const char *path, int flags)
{
	int fd;

	while (*path == '/')
		path++;
	if (!*path)
		path = ".";
	if (!root->no_openat2)
		return openat2_in_root(root->fd, path, flags);
	fd = openat(root->fd, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Whether the directory that would hold @path is there. */
static bool parent_is_there(const struct via_root *root, const char *path)
{
	char parent[PATH_MAX];
	char *slash;
	int fd;

	if (strlen(path) >= sizeof(parent))
		return false;
	strcpy(parent, path);
	slash = strrchr(parent, '/');
	if (slash)
		*slash = '\0';
	fd = root_openat(root, slash ? parent : ".", O_PATH | O_DIRECTORY);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Absence on a live host is told by the kernel; a captured tree may just not hold it. */
static struct via_fact failure(const struct via_root *root, const char *path, int error)
{
	if (error != ENOENT && error != ENOTDIR)
		return fact_unknown(path, error);
	if (root->live || parent_is_there(root, path))
		return fact_absent(path);
	return fact_unknown(path, ENODATA);
}

static int read_all(int fd, void *data, size_t limit, size_t *ret_size)
{
	size_t size = 0;

	while (size < limit) {
		ssize_t n = read(fd, (char *)data + size, limit - size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		size += (size_t)n;
	}
	*ret_size = size;
	return 0;
}

/* O_NONBLOCK: a captured tree may hold a FIFO where a file should be. */
static int open_regular(const struct via_root *root, const char *path)
{
	_cleanup_close_ int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	return steal_fd(&fd);
}

static struct via_fact text_at(const struct via_root *root, struct via_arena *arena,
			       const char *path)
{
	static _Thread_local char buffer[TEXT_LIMIT + 1];
	_cleanup_close_ int fd = open_regular(root, path);
	size_t size;
	int r;

	if (fd < 0)
		return failure(root, path, -fd);
	r = read_all(fd, buffer, sizeof(buffer), &size);
	if (r < 0)
		return fact_unknown(path, -r);
	if (size > TEXT_LIMIT)
		return fact_unknown(path, EFBIG);
	while (size && isspace((unsigned char)buffer[size - 1]))
		size--;
	return fact_present(path, arena_strndup(arena, buffer, size), 0);
}

#define FORMATTED_PATH(arena, format, path)                     \
	char *path;                                             \
	do {                                                    \
		va_list arguments;                              \
		va_start(arguments, format);                    \
		path = arena_vprintf(arena, format, arguments); \
		va_end(arguments);                              \
	} while (0)

struct via_fact root_text(const struct via_root *root, struct via_arena *arena, const char *format,
			  ...)
{
	FORMATTED_PATH(arena, format, path);
	return text_at(root, arena, path);
}

static struct via_fact number_at(const struct via_root *root, struct via_arena *arena,
				 const char *path, int base)
{
	struct via_fact fact = text_at(root, arena, path);
	int64_t value;

	if (fact.known != VIA_PRESENT)
		return fact;
	if (parse_u64(fact.text, base, &fact.number) == 0)
		return fact;
	if (parse_s64(fact.text, base, &value) == 0) {
		fact.number = (uint64_t)value;
		return fact;
	}
	fact.known = VIA_UNKNOWN;
	fact.error = EBADMSG;
	return fact;
}

struct via_fact root_number(const struct via_root *root, struct via_arena *arena,
			    const char *format, ...)
{
	FORMATTED_PATH(arena, format, path);
	return number_at(root, arena, path, 0);
}

struct via_fact root_hex(const struct via_root *root, struct via_arena *arena, const char *format,
			 ...)
{
	FORMATTED_PATH(arena, format, path);
	return number_at(root, arena, path, 16);
}

static struct via_fact link_at(const struct via_root *root, struct via_arena *arena,
			       const char *path)
{
	char target[PATH_MAX];
	_cleanup_close_ int fd = root_openat(root, path, O_PATH | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return failure(root, path, -fd);
	n = readlinkat(fd, "", target, sizeof(target));
	if (n < 0) /* readlinkat of what is no link says ENOENT */
		return fact_unknown(path, errno == ENOENT ? EINVAL : errno);
	if ((size_t)n == sizeof(target))
		return fact_unknown(path, ENAMETOOLONG);
	return fact_present(path, arena_strndup(arena, target, (size_t)n), 0);
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

struct via_fact root_exists(const struct via_root *root, struct via_arena *arena,
			    const char *format, ...)
{
	int fd;

	FORMATTED_PATH(arena, format, path);
	fd = root_openat(root, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return failure(root, path, -fd);
	close(fd);
	return fact_present(path, NULL, 1);
}

struct via_blob root_blob(const struct via_root *root, struct via_arena *arena, size_t limit,
			  const char *format, ...)
{
	_cleanup_free_ void *buffer = malloc(limit ? limit : 1);
	_cleanup_close_ int fd = -1;
	size_t size = 0;
	int r;

	FORMATTED_PATH(arena, format, path);
	fd = open_regular(root, path);
	if (fd < 0)
		return (struct via_blob){ .fact = failure(root, path, -fd) };
	if (!buffer)
		return (struct via_blob){ .fact = fact_unknown(path, ENOMEM) };
	r = read_all(fd, buffer, limit, &size);
	if (r < 0)
		return (struct via_blob){ .fact = fact_unknown(path, -r) };
	return (struct via_blob){
		.fact = fact_present(path, NULL, size),
		.span = { .data = arena_memdup(arena, buffer, size), .size = size },
	};
}

static struct via_fact entries_at(const struct via_root *root, struct via_arena *arena,
				  struct via_names *names, const char *path)
{
	_cleanup_closedir_ DIR *directory = NULL;
	int fd = root_openat(root, path, O_RDONLY | O_DIRECTORY);
	struct dirent *entry;

	if (fd == -ENOENT && !root->live)
		return fact_unknown(path, ENODATA);
	if (fd == -ENOTDIR && !root->live) /* something has the name, and is no directory */
		return fact_unknown(path, ENOTDIR);
	if (fd < 0)
		return failure(root, path, -fd);
	directory = fdopendir(fd);
	if (!directory) {
		close(fd);
		return fact_unknown(path, ENOMEM);
	}
	for (errno = 0; (entry = readdir(directory)); errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			*via_list_add(arena, names) = arena_strdup(arena, entry->d_name);
	if (errno)
		return fact_unknown(path, errno);
	names_sort(names);
	return fact_present(path, NULL, names->count);
}

struct via_fact root_entries(const struct via_root *root, struct via_arena *arena,
			     struct via_names *ret, const char *format, ...)
{
	struct via_names names = { 0 };
	struct via_fact fact;

	FORMATTED_PATH(arena, format, path);
	fact = entries_at(root, arena, &names, path);
	if (ret)
		*ret = names;
	return fact;
}
