/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/effect_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/effect_live.h"
#include "sys/file_state.h"
#include "sys/file_note.h"

enum { PORTION = 1024 * 1024, DIGEST_PART = 16, DIRECTORY_MODE = 0755 };

int effect_file_put(const struct via_effects *effects, const struct via_file_put *put)
{
	return effects->ops ? effects->ops->file_put(effects->context, put) : -EROFS;
}

int effect_file_remove(const struct via_effects *effects, const char *path)
{
	return effects->ops ? effects->ops->file_remove(effects->context, path) : -EROFS;
}

int effect_file_tidy(const struct via_effects *effects, const char *path)
{
	return effects->ops ? effects->ops->file_tidy(effects->context, path) : -EROFS;
}

int effect_directory_make(const struct via_effects *effects, const char *path)
{
	return effects->ops ? effects->ops->directory_make(effects->context, path) : -EROFS;
}

int effect_directory_remove(const struct via_effects *effects, const char *path)
{
	return effects->ops ? effects->ops->directory_remove(effects->context, path) : -EROFS;
}

/* Always the same for one file: what a crash left is found again. */
static void temporary_name(const char *name, char ret[NAME_MAX + 1])
{
	char digest[SHA256_HEX + 1];

	sha256_of(name, strlen(name), digest);
	snprintf(ret, NAME_MAX + 1, ".viaduct-%.*s.new", DIGEST_PART, digest);
}

static int remove_if_there(int directory, const char *name)
{
	return unlinkat(directory, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

static int write_all(int fd, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		data += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Shared where the file system can, else copied. */
static int copy_content(int source, int fd)
{
	_cleanup_free_ uint8_t *portion = NULL;
	off_t at = 0;
	ssize_t n;
	int r = 0;

	if (ioctl(fd, FICLONE, source) == 0)
		return 0;
	portion = malloc(PORTION);
	if (!portion)
		return -ENOMEM;
	while (r == 0 && (n = pread(source, portion, PORTION, at)) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			r = write_all(fd, portion, (size_t)n);
		at += n > 0 ? n : 0;
	}
	return r;
}

static int give_owner(int fd, const struct via_file_put *put)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -errno;
	if ((status.st_uid != put->uid || status.st_gid != put->gid) &&
	    fchown(fd, put->uid, put->gid) < 0)
		return -errno;
	return fchmod(fd, put->mode) < 0 ? -errno : 0;
}

static bool is_fat(int fd)
{
	struct statfs system;

	return fstatfs(fd, &system) == 0 &&
	       (system.f_type == MSDOS_SUPER_MAGIC || system.f_type == EXFAT_SUPER_MAGIC);
}

/* Attributes: as noted, else those of the file that is replaced, of whatever time. */
static int give_attributes(int fd, const struct via_file_place *place,
			   const struct via_file_put *put)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_file_note note = { 0 };
	_cleanup_close_ int present = -1;
	int r = 0;

	if (put->note)
		file_note_parse(put->note, arena, &note);
	else
		present = openat(place->directory, place->name,
				 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (present >= 0) {
		r = file_note_read(present, arena, &note);
		note.timed = false;
	}
	return r < 0 ? r : file_note_give(fd, &note);
}

static int fill(int fd, const struct via_file_place *place, const struct via_file_put *put)
{
	int r = copy_content(put->source, fd);

	if (r == 0 && !is_fat(fd))
		r = give_owner(fd, put);
	if (r == 0)
		r = give_attributes(fd, place, put);
	return r < 0 ? r : fsync(fd) < 0 ? -errno : 0;
}

/* On FAT a rename over a file frees its clusters at no certain time: exchanged, both stay. */
static int exchange(const struct via_file_place *place, const char *temporary)
{
	if (renameat2(place->directory, temporary, place->directory, place->name, RENAME_EXCHANGE) <
	    0)
		return -errno;
	if (fsync(place->directory) < 0)
		return -errno;
	return remove_if_there(place->directory, temporary);
}

/*
 * Loaders replay no journal: what they read has to be in its place, and not only promised there.
 * EXT4_IOC_CHECKPOINT, Linux 5.14; elsewhere it answers ENOTTY, and nothing is lost by asking.
 */
static void settle(int directory)
{
	uint32_t flags = 0;

	ioctl(directory, _IOW('f', 43, uint32_t), &flags);
}

static int publish(const struct via_file_place *place, const char *temporary)
{
	int r = is_fat(place->directory) ? exchange(place, temporary) : -EINVAL;

	if (r == -EINVAL || r == -ENOENT || r == -ENOSYS)
		r = renameat(place->directory, temporary, place->directory, place->name) < 0
			    ? -errno
			    : 0;
	if (r == 0 && fsync(place->directory) < 0)
		r = -errno;
	if (r == 0)
		settle(place->directory);
	return r;
}

int live_file_put(void *context, const struct via_file_put *put)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	_cleanup_close_ int fd = -1;
	char temporary[NAME_MAX + 1];
	int r = file_locate(context, put->path, &place);

	if (r < 0)
		return r;
	temporary_name(place.name, temporary);
	r = remove_if_there(place.directory, temporary);
	if (r < 0)
		return r;
	fd = openat(place.directory, temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = fill(fd, &place, put);
	if (r == 0)
		r = publish(&place, temporary);
	if (r < 0)
		remove_if_there(place.directory, temporary);
	return r;
}

int live_file_remove(void *context, const char *path)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	int r = file_locate(context, path, &place);

	if (r < 0)
		return r;
	if (unlinkat(place.directory, place.name, 0) < 0)
		return -errno;
	return fsync(place.directory) < 0 ? -errno : 0;
}

int live_file_tidy(void *context, const char *path)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	char temporary[NAME_MAX + 1];
	int r = file_locate(context, path, &place);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	temporary_name(place.name, temporary);
	return remove_if_there(place.directory, temporary);
}

/* Made or removed, and its name's fate on disk. */
static int with_directory(void *context, const char *path, int (*act)(int parent, const char *name))
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	int r = file_locate(context, path, &place);

	if (r == 0)
		r = act(place.directory, place.name);
	if (r == 0 && fsync(place.directory) < 0)
		r = -errno;
	return r;
}

static int make_in(int parent, const char *name)
{
	if (mkdirat(parent, name, DIRECTORY_MODE) < 0)
		return -errno;
	/* Whatever the umask is: others have to read what is in it. */
	return fchmodat(parent, name, DIRECTORY_MODE, 0) < 0 ? -errno : 0;
}

static int remove_in(int parent, const char *name)
{
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

int live_directory_make(void *context, const char *path)
{
	return with_directory(context, path, make_in);
}

int live_directory_remove(void *context, const char *path)
{
	return with_directory(context, path, remove_in);
}
