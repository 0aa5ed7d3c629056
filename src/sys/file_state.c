/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/file_state.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { LINK_LIMIT = 40, PORTION = 64 * 1024, PLAIN_MODE = 0644 };

void cleanup_file_place(struct via_file_place *place)
{
	cleanup_close(&place->directory);
}

/* "etc/default" of "etc/default/grub"; "." where there is no slash. */
static int directory_of(const char *path, char ret[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	int n = slash ? snprintf(ret, PATH_MAX, "%.*s", (int)(slash - path), path)
		      : snprintf(ret, PATH_MAX, ".");

	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* Where a link leads, as a path of the root. */
static int follow(const struct via_file_place *place, char path[PATH_MAX])
{
	char target[PATH_MAX], directory[PATH_MAX];
	ssize_t n = readlinkat(place->directory, place->name, target, sizeof(target) - 1);
	int r;

	if (n < 0)
		return -errno;
	target[n] = '\0';
	r = directory_of(path, directory);
	if (r < 0)
		return r;
	if (*target == '/')
		n = snprintf(path, PATH_MAX, "%s", target + strspn(target, "/"));
	else
		n = snprintf(path, PATH_MAX, "%s/%s", directory, target);
	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int enter(const struct via_root *root, struct via_file_place *place)
{
	char directory[PATH_MAX];
	const char *name = path_name(place->path);
	int r = directory_of(place->path, directory);

	if (r < 0)
		return r;
	if (!*name || strlen(name) > NAME_MAX || strcmp(name, "..") == 0 || strcmp(name, ".") == 0)
		return -EINVAL;
	cleanup_close(&place->directory);
	place->directory = root_openat(root, directory, O_RDONLY | O_DIRECTORY);
	strcpy(place->name, name);
	return place->directory < 0 ? place->directory : 0;
}

int file_locate(const struct via_root *root, const char *path, struct via_file_place *ret)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	struct stat status;
	int r;

	if (strlen(path) >= sizeof(place.path))
		return -ENAMETOOLONG;
	strcpy(place.path, path);
	for (int links = 0; links < LINK_LIMIT; links++) {
		r = enter(root, &place);
		if (r < 0)
			return r;
		r = fstatat(place.directory, place.name, &status, AT_SYMLINK_NOFOLLOW);
		if (r < 0 && errno != ENOENT)
			return -errno;
		if (r < 0 || !S_ISLNK(status.st_mode)) {
			*ret = place;
			place.directory = -1;
			return 0;
		}
		r = follow(&place, place.path);
		if (r < 0)
			return r;
	}
	return -ELOOP;
}

static bool has_owners(int fd)
{
	struct statfs system;

	if (fstatfs(fd, &system) < 0)
		return true;
	return system.f_type != MSDOS_SUPER_MAGIC && system.f_type != EXFAT_SUPER_MAGIC;
}

bool file_keeps_owners(const struct via_root *root, const char *path)
{
	_cleanup_close_ int above = file_open_above(root, path);

	return above < 0 || has_owners(above);
}

static int digest(int fd, struct via_file_state *ret)
{
	_cleanup_free_ uint8_t *portion = malloc(PORTION);
	off_t size = 0;
	SHA2_CTX hash;
	ssize_t n;

	if (!portion)
		return -ENOMEM;
	SHA256Init(&hash);
	while ((n = pread(fd, portion, PORTION, size)) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n < 0)
			continue;
		SHA256Update(&hash, portion, (size_t)n);
		size += n;
	}
	ret->size = (uint64_t)size;
	SHA256End(&hash, ret->sha256);
	return 0;
}

int file_state_of(int fd, struct via_file_state *ret)
{
	struct via_file_state state = { .there = true, .mode = PLAIN_MODE };
	struct stat status;
	int r;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
	if (has_owners(fd)) {
		state.mode = status.st_mode & 07777;
		state.uid = status.st_uid;
		state.gid = status.st_gid;
	}
	r = digest(fd, &state);
	if (r == 0)
		*ret = state;
	return r;
}

int file_state(const struct via_root *root, const char *path, struct via_file_state *ret)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	_cleanup_close_ int fd = -1;
	int r = file_locate(root, path, &place);

	if (r == 0)
		fd = openat(place.directory, place.name,
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (r == -ENOENT || (r == 0 && fd < 0 && errno == ENOENT)) {
		*ret = (struct via_file_state){ 0 };
		return 0;
	}
	if (r < 0 || fd < 0)
		return r < 0 ? r : -errno;
	return file_state_of(fd, ret);
}

struct via_fact root_file(const struct via_root *root, struct via_arena *arena, size_t limit,
			  const char *path, struct via_file *ret)
{
	struct via_blob blob = root_blob(root, arena, limit + 1, "%s", path);
	struct via_file_state state = { .mode = PLAIN_MODE };
	int r = 0;

	if (!fact_is(&blob.fact, VIA_PRESENT) && !fact_is(&blob.fact, VIA_ABSENT))
		return blob.fact;
	if (blob.span.size > limit)
		return fact_unknown(blob.fact.path, EFBIG);
	if (root->fd >= 0)
		r = file_state(root, path, &state);
	if (r < 0)
		return fact_unknown(blob.fact.path, -r);
	*ret = (struct via_file){
		.there = fact_is(&blob.fact, VIA_PRESENT),
		.content = blob.span,
		.mode = state.mode,
		.uid = state.uid,
		.gid = state.gid,
	};
	return blob.fact;
}
