/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "base/cleanup.h"
#include "sys/file_state.h"

static const char *const folders[] = { "boot", "boot/efi", "efi" };
_Static_assert(VIA_COUNT(folders) == STAGE_FOLDERS, "every folder has a stand-in");

const char *stage_folder(unsigned int index)
{
	return folders[index];
}

/* A walk through one stand-in, beside the folder it stands for. */
struct walk {
	const struct via_root *root;
	struct via_arena *arena;
	struct via_staged *staged;
	const char *folder, *stand_in; /* of the root */
	bool copy;		       /* whole: what is not in it is gone */
	const char **trouble;
};

static const char *below(struct via_arena *arena, const char *top, const char *path)
{
	return *path ? arena_printf(arena, "%s/%s", top, path) : top;
}

static void add(struct walk *walk, const char *path, bool gone)
{
	*via_list_add(walk->arena, walk->staged) = (struct via_staged_file){
		.path = below(walk->arena, walk->folder, path),
		.source = gone ? NULL : below(walk->arena, walk->stand_in, path),
	};
}

static int other_kind(struct walk *walk, const char *path)
{
	*walk->trouble = arena_printf(walk->arena, "it changed /%s, which is no file",
				      below(walk->arena, walk->folder, path));
	return -ENOTSUP;
}

static int status_of(const struct via_root *root, const char *path, struct stat *ret)
{
	_cleanup_close_ int fd = root_openat(root, path, O_PATH | O_NOFOLLOW);

	if (fd < 0)
		return fd;
	return fstat(fd, ret) < 0 ? -errno : 0;
}

/* All files that the folder has there are gone. */
static int add_gone(struct walk *walk, const char *path)
{
	const char *there = below(walk->arena, walk->folder, path);
	struct via_names names;
	struct stat status;
	int r = status_of(walk->root, there, &status);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (S_ISREG(status.st_mode)) {
		add(walk, path, true);
		return 0;
	}
	if (!S_ISDIR(status.st_mode))
		return other_kind(walk, path);
	root_entries(walk->root, walk->arena, &names, "%s", there);
	via_for_each (name, &names) {
		r = add_gone(walk, below(walk->arena, path, *name));
		if (r < 0)
			return r;
	}
	return 0;
}

/* Content alone: a program that writes the same again changed nothing. */
static int compare_file(struct walk *walk, const char *path)
{
	struct via_file_state old = { 0 }, new;
	int r = file_state(walk->root, below(walk->arena, walk->folder, path), &old);

	if (r == 0)
		r = file_state(walk->root, below(walk->arena, walk->stand_in, path), &new);
	if (r == 0 && (!old.there || old.size != new.size || strcmp(old.sha256, new.sha256) != 0))
		add(walk, path, false);
	return r;
}

static int compare_link(struct walk *walk, const char *path)
{
	struct via_fact old =
		root_link_target(walk->root, walk->arena, "%s/%s", walk->folder, path);
	struct via_fact new =
		root_link_target(walk->root, walk->arena, "%s/%s", walk->stand_in, path);

	if (fact_text(&old) && fact_text(&new) && strcmp(old.text, new.text) == 0)
		return 0;
	return other_kind(walk, path);
}

static bool hides_all(struct walk *walk, const char *path)
{
	_cleanup_close_ int fd = root_openat(walk->root, below(walk->arena, walk->stand_in, path),
					     O_RDONLY | O_DIRECTORY);
	char value = 0;

	return walk->copy ||
	       (fd >= 0 && fgetxattr(fd, "trusted.overlay.opaque", &value, 1) == 1 && value == 'y');
}

static int add_missing(struct walk *walk, const char *path)
{
	struct via_names names;
	struct stat status;
	int r = 0;

	root_entries(walk->root, walk->arena, &names, "%s", below(walk->arena, walk->folder, path));
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		const char *entry =
			*path ? below(walk->arena, path, names.items[i]) : names.items[i];

		/* Another folder's stand-in is looked at in its own turn. */
		if (walk->copy && !*path && strcmp(walk->folder, "boot") == 0 &&
		    strcmp(entry, "efi") == 0)
			continue;
		if (status_of(walk->root, below(walk->arena, walk->stand_in, entry), &status) ==
		    -ENOENT)
			r = add_gone(walk, entry);
	}
	return r;
}

static int compare(struct walk *walk, const char *path)
{
	struct via_names names;
	struct stat status;
	int r = status_of(walk->root, below(walk->arena, walk->stand_in, path), &status);

	if (r < 0)
		return r;
	if (S_ISREG(status.st_mode))
		return compare_file(walk, path);
	if (S_ISLNK(status.st_mode))
		return compare_link(walk, path);
	if (S_ISCHR(status.st_mode) && status.st_rdev == makedev(0, 0)) /* overlay: removed */
		return add_gone(walk, path);
	if (!S_ISDIR(status.st_mode))
		return other_kind(walk, path);
	root_entries(walk->root, walk->arena, &names, "%s",
		     below(walk->arena, walk->stand_in, path));
	for (size_t i = 0; r == 0 && i < names.count; i++)
		r = compare(walk,
			    *path ? below(walk->arena, path, names.items[i]) : names.items[i]);
	return r == 0 && hides_all(walk, path) ? add_missing(walk, path) : r;
}

int stage_gather(const struct via_root *root, const char *scratch, struct via_arena *arena,
		 struct via_staged *ret, const char **trouble)
{
	static const char *const kinds[] = { "upper", "copy" };
	struct via_staged staged = { 0 };
	int r = 0;

	for (unsigned int i = 0; r == 0 && i < 2 * STAGE_FOLDERS; i++) {
		struct walk walk = {
			.root = root,
			.arena = arena,
			.staged = &staged,
			.folder = folders[i / 2],
			.stand_in = arena_printf(arena, "%s/%u/%s", scratch, i / 2, kinds[i % 2]),
			.copy = i % 2,
			.trouble = trouble,
		};
		struct stat status;

		if (status_of(root, walk.stand_in, &status) == 0)
			r = compare(&walk, "");
	}
	if (r == 0)
		*ret = staged;
	return r;
}

static int remove_all(int directory, const char *name)
{
	_cleanup_closedir_ DIR *entries = NULL;
	struct dirent *entry;
	int fd, r = 0;

	if (unlinkat(directory, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	entries = fd >= 0 ? fdopendir(fd) : NULL;
	if (!entries)
		return -errno;
	while (r == 0 && (entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = remove_all(dirfd(entries), entry->d_name);
	if (r == 0 && unlinkat(directory, name, AT_REMOVEDIR) < 0)
		r = -errno;
	return r;
}

int stage_drop(const struct via_root *root, const char *scratch)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	int r = file_locate(root, scratch, &place);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return remove_all(place.directory, place.name);
}
