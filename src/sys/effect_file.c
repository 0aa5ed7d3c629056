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
#include "sys/settle.h"

enum { PORTION = 1024 * 1024, DIGEST_PART = 16, FAT_DIGEST_PART = 7, DIRECTORY_MODE = 0755 };

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

static bool is_fat(int fd)
{
	struct statfs system;

	return fstatfs(fd, &system) == 0 &&
	       (system.f_type == MSDOS_SUPER_MAGIC || system.f_type == EXFAT_SUPER_MAGIC);
}

/*
 * Always the same for one file: what a crash left is found again. On FAT one that takes a single
 * directory entry: a longer one takes several, which may lie in two sectors.
 */
static void temporary_name(const struct via_file_place *place, char ret[NAME_MAX + 1])
{
	char digest[SHA256_HEX + 1];

	sha256_of(place->name, strlen(place->name), digest);
	if (!is_fat(place->directory)) {
		snprintf(ret, NAME_MAX + 1, ".viaduct-%.*s.new", DIGEST_PART, digest);
		return;
	}
	snprintf(ret, NAME_MAX + 1, "V%.*s.NEW", FAT_DIGEST_PART, digest);
	for (char *c = ret; *c; c++)
		*c = *c >= 'a' && *c <= 'f' ? (char)(*c - 'a' + 'A') : *c;
}

static int sync_fd(int fd)
{
	return fsync(fd) < 0 ? -errno : 0;
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
	return r < 0 ? r : sync_fd(fd);
}

static int rename_over(const struct via_file_place *place, const char *temporary)
{
	return renameat(place->directory, temporary, place->directory, place->name) < 0 ? -errno
											: 0;
}

/* An entry for the name, of an empty file. Return: it, open, or the one that is there already */
static int open_entry(const struct via_file_place *place)
{
	int fd = openat(place->directory, place->name,
			O_RDONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : fd;
}

/*
 * FAT has no journal. Its name is first there, if only for an empty file; then the other one goes,
 * so that no cluster has two names (fsck.fat empties one of the two); then what the name leads
 * to changes, which is within one sector; and only then are the old clusters freed, which as long
 * as somebody has the old file open does not happen. A cut leaves the old content or the new one,
 * of a new name nothing or an empty file, and at worst clusters that have no name.
 */
static int switch_fat(const struct via_file_place *place, const char *temporary, int fd)
{
	_cleanup_close_ int old = open_entry(place);
	int r = old < 0 ? old : sync_fd(place->directory);

	if (r == 0)
		r = rename_over(place, temporary);
	if (r == 0)
		r = sync_fd(place->directory);
	return r < 0 ? r : sync_fd(fd);
}

static int publish_fat(const struct via_file_place *place, const char *temporary, int fd)
{
	int r = switch_fat(place, temporary, fd);

	return r < 0 ? r : sync_fd(place->directory);
}

/*
 * Where a loader reads, what the new name leads to is in its place before the name is: a file
 * system puts the two there in any order, and only its own journal knows better. The old file
 * keeps its content until the name leads elsewhere, since the two change names.
 */
static int publish_settled(const struct via_root *root, const struct via_file_place *place,
			   const char *temporary)
{
	_cleanup_close_ int old = openat(place->directory, place->name,
					 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int r = settle(root, place);

	if (r < 0)
		return r;
	if (old < 0 || renameat2(place->directory, temporary, place->directory, place->name,
				 RENAME_EXCHANGE) < 0)
		r = rename_over(place, temporary);
	if (r == 0)
		r = sync_fd(place->directory);
	if (r == 0)
		r = settle(root, place);
	if (r == 0)
		r = remove_if_there(place->directory, temporary);
	return r < 0 ? r : sync_fd(place->directory);
}

static int publish(const struct via_root *root, const struct via_file_put *put,
		   const struct via_file_place *place, const char *temporary, int fd)
{
	int r;

	if (is_fat(place->directory))
		return publish_fat(place, temporary, fd);
	if (settle_needed(put->path, place))
		return publish_settled(root, place, temporary);
	r = rename_over(place, temporary);
	return r < 0 ? r : sync_fd(place->directory);
}

int live_file_put(void *context, const struct via_file_put *put)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	_cleanup_close_ int fd = -1;
	char temporary[NAME_MAX + 1];
	int r = file_locate(context, put->path, &place);

	if (r < 0)
		return r;
	temporary_name(&place, temporary);
	r = remove_if_there(place.directory, temporary);
	if (r < 0)
		return r;
	fd = openat(place.directory, temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = fill(fd, &place, put);
	if (r == 0)
		r = publish(context, put, &place, temporary, fd);
	if (r < 0)
		remove_if_there(place.directory, temporary);
	return r;
}

/* Held until its name is gone from the disk: on FAT its clusters are freed behind that. */
static int unlink_held(const struct via_file_place *place)
{
	_cleanup_close_ int held =
		openat(place->directory, place->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (held < 0 || unlinkat(place->directory, place->name, 0) < 0)
		return -errno;
	return sync_fd(place->directory);
}

int live_file_remove(void *context, const char *path)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	int r = file_locate(context, path, &place);

	if (r == 0)
		r = unlink_held(&place);
	return r == 0 && settle_needed(path, &place) ? settle(context, &place) : r;
}

int live_file_tidy(void *context, const char *path)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	char temporary[NAME_MAX + 1];
	int r = file_locate(context, path, &place);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	temporary_name(&place, temporary);
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
