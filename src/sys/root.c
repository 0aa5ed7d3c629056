/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/root_part.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/memtree.h"

enum { RACE_TRIES = 1000 };

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

/* Whether the directory is there and holds fewer entries than that. */
static bool holds_fewer(const struct via_root *root, const char *path, int entries)
{
	_cleanup_closedir_ DIR *directory = NULL;
	int fd = root_openat(root, path, O_RDONLY | O_DIRECTORY), count = -2; /* "." and ".." */

	directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory)
		return false;
	while (count < entries && readdir(directory))
		count++;
	return count < entries;
}

static unsigned int find_hidden(const struct via_root *root)
{
	unsigned int hidden = 0;

	for (unsigned int i = 0; i < VIA_COUNT(told_by_kernel); i++)
		if (told_by_kernel[i].proof ? !is_there(root, told_by_kernel[i].proof)
					    : holds_fewer(root, told_by_kernel[i].top, 1))
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

/* Where an image has directories for what only a kernel shows; NULL for any other path. */
static const char *kernels_place(const char *path)
{
	static const char *const places[] = { "sys/", "proc/", "dev/", "run/" };

	for (size_t i = 0; i < VIA_COUNT(places); i++)
		if (text_starts(path, places[i]))
			return places[i];
	return NULL;
}

/* An empty directory of an image, where a host would mount what a kernel shows. */
static bool is_in_empty_place(const struct via_root *root, const char *path)
{
	const char *place = root->image ? kernels_place(path) : NULL;

	return place && holds_fewer(root, place, 1);
}

/* Somebody copied a folder of what firmware told, and none of its neighbours. */
static bool is_of_lone_copy(const struct via_root *root, const char *path)
{
	static const char place[] = "sys/firmware/";

	return text_starts(path, place) && !strchr(path + strlen(place), '/') &&
	       holds_fewer(root, place, 2);
}

bool root_tells_absence(const struct via_root *root, const char *path)
{
	return root_as_live(root) || (root->image && !kernels_place(path));
}

/* Without these no Linux is: a captured tree that lacks one did not capture it. */
static bool every_host_has(const char *path)
{
	static const char *const files[] = {
		"proc/cmdline", "proc/cpuinfo",	    "proc/meminfo",	   "proc/mounts",
		"proc/swaps",	"proc/self/mounts", "proc/self/mountinfo", "proc/version",
	};

	for (size_t i = 0; i < VIA_COUNT(files); i++)
		if (strcmp(path, files[i]) == 0)
			return true;
	return false;
}

struct via_fact root_failure(const struct via_root *root, const char *path, int error)
{
	if (error != ENOENT && error != ENOTDIR)
		return fact_unknown(path, error);
	if (root_hides(root, path))
		return fact_unknown(path, ENODATA);
	if (root_tells_absence(root, path))
		return fact_absent(path);
	if (!every_host_has(path) && parent_is_there(root, path) &&
	    !is_in_empty_place(root, path) && !is_of_lone_copy(root, path))
		return fact_absent(path);
	return fact_unknown(path, ENODATA);
}

bool root_is_sysfs(const struct via_root *root, const char *path)
{
	return root->live && text_starts(path, "sys/");
}
