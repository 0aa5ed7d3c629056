/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/root.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/record.h"
#include "sys/memtree.h"

enum { TEXT_LIMIT = 64 * 1024, RACE_TRIES = 1000 };

static int openat2_in_root(int fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long r;

	/*
	 * EAGAIN: a rename or mount anywhere on the host raced with "..", which the kernel
	 * could not prove harmless. A host that unpacks packages renames all the time.
	 */
	for (int tries = 0; tries < RACE_TRIES; tries++) {
		r = syscall(SYS_openat2, fd, path, &how, sizeof(how));
		if (r >= 0 || errno != EAGAIN)
			break;
		sched_yield();
	}
	return r < 0 ? -errno : (int)r;
}

/* What the kernel's own file systems are never without. */
static const struct {
	const char *top, *proof;
} told_by_kernel[] = {
	{ "sys/", "sys/devices" },
	{ "proc/", "proc/self" },
	{ "sys/firmware/", NULL }, /* not empty: there are machines without ACPI and EFI */
};

bool root_hides(const struct via_root *root, const char *path)
{
	for (size_t i = 0; root->hidden && i < VIA_COUNT(told_by_kernel); i++)
		if (root->hidden >> i & 1 && text_starts(path, told_by_kernel[i].top))
			return true;
	return false;
}

static bool is_there(const struct via_root *root, const char *path)
{
	_cleanup_close_ int fd = root_openat(root, path, O_PATH | O_NOFOLLOW);

	return fd >= 0;
}

static bool is_empty(const struct via_root *root, const char *path)
{
	_cleanup_closedir_ DIR *directory = NULL;
	int fd = root_openat(root, path, O_RDONLY | O_DIRECTORY), count = 0;

	directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory)
		return false;
	while (count < 3 && readdir(directory)) /* "." and ".." and one more */
		count++;
	return count < 3;
}

static unsigned int find_hidden(const struct via_root *root)
{
	unsigned int hidden = 0;

	for (unsigned int i = 0; i < VIA_COUNT(told_by_kernel); i++)
		if (told_by_kernel[i].proof ? !is_there(root, told_by_kernel[i].proof)
					    : is_empty(root, told_by_kernel[i].top))
			hidden |= 1U << i;
	return hidden;
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
	if (root.live)
		root.hidden = find_hidden(&root);
	*ret = root;
	return 0;
}

void root_close(struct via_root *root)
{
	if (root->fd >= 0)
		close(root->fd);
	root->fd = -1;
}

struct via_root root_of_memtree(const struct via_memtree *tree, const char *name)
{
	struct via_root root = { .fd = -1, .tree = tree };

	snprintf(root.path, sizeof(root.path), "%s", name);
	return root;
}

bool root_as_live(const struct via_root *root)
{
	return root->live || (root->tree && root->tree->live);
}

int root_openat(const struct via_root *root, const char *path, int flags)
{
	int fd;

	if (root->tree)
		return -EOPNOTSUPP;
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
	if (root->tree) {
		struct via_memtree_node *node;

		return memtree_walk(root->tree, slash ? parent : "", true, NULL, NULL, &node) ==
			       0 &&
		       node->kind == VIA_MEMTREE_DIRECTORY;
	}
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
	if (root_hides(root, path))
		return fact_unknown(path, ENODATA);
	if (root_as_live(root) || parent_is_there(root, path))
		return fact_absent(path);
	return fact_unknown(path, ENODATA);
}

/* Of the running kernel's own: no file there is a FIFO, and a read gives all of an attribute. */
static bool is_sysfs(const struct via_root *root, const char *path)
{
	return root->live && text_starts(path, "sys/");
}

enum { ATTRIBUTE_BYTES = 4096 };

static int read_all(int fd, void *data, size_t limit, bool attribute, size_t *ret_size)
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
		if (attribute && n < ATTRIBUTE_BYTES)
			break;
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
	if (is_sysfs(root, path))
		return steal_fd(&fd);
	if (fstat(fd, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	return steal_fd(&fd);
}

/* At most @limit bytes of a file, from wherever the root has them. */
static int read_path(const struct via_root *root, const char *path, void *data, size_t limit,
		     size_t *ret_size)
{
	_cleanup_close_ int fd = -1;
	struct via_span span;
	int r;

	if (root->tree) {
		r = memtree_read(root->tree, path, &span);
		if (r < 0)
			return r;
		*ret_size = span.size < limit ? span.size : limit;
		memcpy(data, span.data, *ret_size);
		return 0;
	}
	fd = open_regular(root, path);
	if (fd < 0)
		return fd;
	r = read_all(fd, data, limit, is_sysfs(root, path), ret_size);
	/* It was opened, so it is there. */
	return r == -ENOENT || r == -ENOTDIR ? -EIO : r;
}

static int read_noted(const struct via_root *root, const char *path, void *data, size_t limit,
		      size_t *ret_size)
{
	size_t size = 0;
	int r = read_path(root, path, data, limit, &size);

	if (root->recorder)
		record_read(root->recorder, path, r, data, size);
	if (r == 0)
		*ret_size = size;
	return r;
}

static struct via_fact text_at(const struct via_root *root, struct via_arena *arena,
			       const char *path)
{
	static _Thread_local char buffer[TEXT_LIMIT + 1];
	size_t size = 0;
	int r = read_noted(root, path, buffer, sizeof(buffer), &size);

	if (r < 0)
		return failure(root, path, -r);
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
	if (is_sysfs(root, path)) {
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
		record_path(root->recorder, path, false);
	if (r < 0)
		return failure(root, path, -r);
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

static int path_exists(const struct via_root *root, const char *path)
{
	int fd;

	if (root->tree)
		return memtree_exists(root->tree, path);
	if (is_sysfs(root, path))
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
		record_path(root->recorder, path, false);
	if (r < 0)
		return failure(root, path, -r);
	return fact_present(path, NULL, 1);
}

struct via_blob root_blob(const struct via_root *root, struct via_arena *arena, size_t limit,
			  const char *format, ...)
{
	_cleanup_free_ void *buffer = malloc(limit ? limit : 1);
	size_t size = 0;
	int r;

	FORMATTED_PATH(arena, format, path);
	if (!buffer)
		return (struct via_blob){ .fact = fact_unknown(path, ENOMEM) };
	r = read_noted(root, path, buffer, limit, &size);
	if (r < 0)
		return (struct via_blob){ .fact = failure(root, path, -r) };
	return (struct via_blob){
		.fact = fact_present(path, NULL, size),
		.span = { .data = arena_memdup(arena, buffer, size), .size = size },
	};
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
	if (r == -ENOENT && !root_as_live(root))
		return fact_unknown(path, ENODATA);
	if (r == -ENOTDIR && !root_as_live(root)) /* what has the name is no directory */
		return fact_unknown(path, ENOTDIR);
	if (r < 0)
		return failure(root, path, -r);
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
