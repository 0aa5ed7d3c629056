/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/stage.h"

enum { PORTION = 1024 * 1024, PATH_ROOM = 512, OPTIONS_ROOM = 3 * PATH_ROOM };

/* One folder, as it is before anything is mounted on it. */
struct stand_in {
	int folder; /* -1: it needs none */
	char path[PATH_ROOM], scratch[PATH_ROOM];
};

static int copy_file(int from, int to)
{
	_cleanup_free_ char *portion = malloc(PORTION);
	ssize_t n, written;

	if (!portion)
		return -ENOMEM;
	while ((n = read(from, portion, PORTION)) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		for (ssize_t at = 0; at < n; at += written) {
			written = write(to, portion + at, (size_t)(n - at));
			if (written < 0)
				return -errno;
		}
	}
	return 0;
}

static int copy_entry(int from, int to, const char *name);

static int copy_directory(int from, int to)
{
	_cleanup_closedir_ DIR *entries = NULL;
	struct dirent *entry;
	int fd = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;

	entries = fd >= 0 ? fdopendir(fd) : NULL;
	if (!entries)
		return -errno;
	while (r == 0 && (entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = copy_entry(from, to, entry->d_name);
	return r;
}

static int copy_link(int from, int to, const char *name)
{
	char target[PATH_ROOM];
	ssize_t n = readlinkat(from, name, target, sizeof(target) - 1);

	if (n < 0)
		return -errno;
	target[n] = '\0';
	return symlinkat(target, to, name) < 0 ? -errno : 0;
}

static int copy_entry(int from, int to, const char *name)
{
	_cleanup_close_ int source = -1, target = -1;
	struct stat status;

	if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISLNK(status.st_mode))
		return copy_link(from, to, name);
	if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
		return 0;
	if (S_ISDIR(status.st_mode) && mkdirat(to, name, status.st_mode & 07777) < 0)
		return -errno;
	source = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	target = openat(to, name,
			S_ISDIR(status.st_mode) ? O_RDONLY | O_DIRECTORY | O_CLOEXEC
						: O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			status.st_mode & 07777);
	if (source < 0 || target < 0)
		return -errno;
	return S_ISDIR(status.st_mode) ? copy_directory(source, target) : copy_file(source, target);
}

/* A directory of its own for the stand-in, with the mode and owner of the folder. */
static int make_like(const struct stand_in *stand_in, const char *kind, char ret[PATH_ROOM])
{
	struct stat status;

	if (fstat(stand_in->folder, &status) < 0)
		return -errno;
	if (snprintf(ret, PATH_ROOM, "%s/%s", stand_in->scratch, kind) >= PATH_ROOM)
		return -ENAMETOOLONG;
	if ((mkdir(stand_in->scratch, 0700) < 0 && errno != EEXIST) || mkdir(ret, 0755) < 0 ||
	    chmod(ret, status.st_mode & 07777) < 0 || chown(ret, status.st_uid, status.st_gid) < 0)
		return -errno;
	return 0;
}

/* In place of the folder, an overlay over it. */
static int mount_overlay(const struct stand_in *stand_in)
{
	char upper[PATH_ROOM], work[PATH_ROOM], options[OPTIONS_ROOM];
	int r = make_like(stand_in, "work", work);

	if (r == 0)
		r = make_like(stand_in, "upper", upper);
	if (r < 0)
		return r;
	snprintf(options, sizeof(options),
		 "lowerdir=/proc/self/fd/%d,upperdir=%s,workdir=%s,redirect_dir=off,metacopy=off",
		 stand_in->folder, upper, work);
	if (mount("overlay", stand_in->path, "overlay", 0, options) == 0)
		return 0;
	r = -errno;
	if (rmdir(upper) < 0) /* else it would be taken for one in which nothing changed */
		return -errno;
	return r;
}

static int mount_copy(const struct stand_in *stand_in)
{
	char copy[PATH_ROOM];
	_cleanup_close_ int target = -1;
	int r = make_like(stand_in, "copy", copy);

	if (r < 0)
		return r;
	target = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = target < 0 ? -errno : copy_directory(stand_in->folder, target);
	if (r == 0 && mount(copy, stand_in->path, NULL, MS_BIND, NULL) < 0)
		r = -errno;
	return r;
}

static bool is_fat(int fd)
{
	struct statfs system;

	return fstatfs(fd, &system) == 0 && system.f_type == MSDOS_SUPER_MAGIC;
}

/* What systemd's tools take for the EFI partition has to be told, once it is a stand-in. */
static void name_efi_partition(const struct stand_in *stand_in)
{
	setenv("SYSTEMD_ESP_PATH", stand_in->path, 1);
	setenv("SYSTEMD_RELAX_ESP_CHECKS", "1", 1);
	setenv("SYSTEMD_RELAX_XBOOTLDR_CHECKS", "1", 1);
}

static int replace(const struct stand_in *stand_in)
{
	bool fat = is_fat(stand_in->folder);

	if (fat)
		name_efi_partition(stand_in);
	return (!fat && mount_overlay(stand_in) == 0) ? 0 : mount_copy(stand_in);
}

/* All are opened before the first is hidden. Only /boot may be a plain directory. */
static void open_folders(const char *scratch, struct stand_in stand_ins[STAGE_FOLDERS])
{
	for (unsigned int i = 0; i < STAGE_FOLDERS; i++) {
		struct stand_in *stand_in = &stand_ins[i];
		struct stat here, above;
		char upper[PATH_ROOM + 4];

		snprintf(stand_in->path, sizeof(stand_in->path), "/%s", stage_folder(i));
		snprintf(stand_in->scratch, sizeof(stand_in->scratch), "/%.400s/%u", scratch, i);
		snprintf(upper, sizeof(upper), "%s/..", stand_in->path);
		stand_in->folder = open(stand_in->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (stand_in->folder < 0 || i == 0)
			continue;
		if (fstat(stand_in->folder, &here) < 0 || stat(upper, &above) < 0 ||
		    here.st_dev == above.st_dev)
			cleanup_close(&stand_in->folder), stand_in->folder = -1;
	}
}

/* An image has no kernel's file systems of its own. The working directory is its root. */
static int enter_image(const struct via_root *image)
{
	static const char *const kernels[] = { "proc", "sys", "dev" };
	_cleanup_close_ int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct via_root root = *image;

	if (here < 0)
		return -errno;
	root.fd = here; /* the image's own descriptor is of the namespace that was left */
	for (size_t i = 0; i < VIA_COUNT(kernels); i++) {
		_cleanup_close_ int fd = root_openat(&root, kernels[i], O_PATH | O_DIRECTORY);
		char from[16], to[64];

		snprintf(from, sizeof(from), "/%s", kernels[i]);
		snprintf(to, sizeof(to), "/proc/self/fd/%d", fd);
		if (fd >= 0 && mount(from, to, NULL, MS_BIND | MS_REC, NULL) < 0)
			return -errno;
	}
	return chroot(".") < 0 || chdir("/") < 0 ? -errno : 0;
}

int stage_enter(const struct via_root *root, const char *scratch, const char **trouble)
{
	struct stand_in stand_ins[STAGE_FOLDERS];
	int r = 0;

	*trouble = "a mount namespace";
	if (!root->live && fchdir(root->fd) < 0)
		return -errno;
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	*trouble = "entering the image";
	if (!root->live)
		r = enter_image(root);
	*trouble = "a stand-in for /boot or the EFI partition";
	if (r == 0 && scratch)
		open_folders(scratch, stand_ins);
	for (unsigned int i = 0; r == 0 && i < STAGE_FOLDERS; i++)
		if (scratch && stand_ins[i].folder >= 0)
			r = replace(&stand_ins[i]);
	return r;
}
