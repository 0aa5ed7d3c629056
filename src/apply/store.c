/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "apply/writer.h"
#include "base/cleanup.h"
#include "plan/file.h"
#include "sys/file_state.h"

enum { PORTION = 256 * 1024, READ_LIMIT = 1024 * 1024 };

static int keep_bytes(int store, const char *name, struct via_span bytes)
{
	_cleanup_close_ int fd = writer_create(store, name);

	if (fd < 0)
		return fd == -EEXIST ? 0 : fd; /* the same content, kept by an earlier action */
	return writer_append(fd, bytes.data, bytes.size);
}

static int copy(int from, int to)
{
	_cleanup_free_ uint8_t *portion = malloc(PORTION);
	ssize_t n;

	if (!portion)
		return -ENOMEM;
	while ((n = read(from, portion, PORTION)) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			int r = writer_add(to, portion, (size_t)n);

			if (r < 0)
				return r;
		}
	}
	return fsync(to) < 0 ? -errno : 0;
}

/* What the file holds now. That it is still what was compared is looked at in the copy. */
static int keep_file(const struct via_root *root, int store, const char *path,
		     const struct via_file_value *value)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	_cleanup_close_ int from = -1, to = writer_create(store, value->sha256), back = -1;
	struct via_file_state state;
	int r;

	if (to < 0)
		return to == -EEXIST ? 0 : to;
	r = file_locate(root, path, &place);
	if (r < 0)
		return r;
	from = openat(place.directory, place.name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	r = from < 0 ? -errno : copy(from, to);
	back = openat(store, value->sha256, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (r == 0)
		r = back < 0 ? -errno : file_state_of(back, &state);
	return r == 0 && strcmp(state.sha256, value->sha256) != 0 ? -ESTALE : r;
}

int store_keep(const struct via_root *root, const struct via_action *action, const char *found)
{
	_cleanup_close_ int store = writer_directory(root, action->store, 0700);
	struct via_file_value old, new;
	int r;

	if (store < 0)
		return store;
	if (file_value_parse(found, &old) < 0 || file_value_parse(action->wanted, &new) < 0)
		return -EINVAL;
	r = old.there ? keep_file(root, store, action->target + 1, &old) : 0;
	if (r == 0 && new.there && action->after)
		r = keep_bytes(store, new.sha256, action->after->content);
	return r;
}

static const char *kept_path(const struct via_action *action, const struct via_file_value *value,
			     struct via_arena *arena)
{
	return arena_printf(arena, "%s/%s", action->store, value->sha256);
}

int store_open(const struct via_root *root, const struct via_action *action, const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_close_ int fd = -1;
	struct via_file_value file;
	struct via_file_state state;
	int r;

	if (!action->store || file_value_parse(value, &file) < 0 || !file.there)
		return -EINVAL;
	fd = root_openat(root, kept_path(action, &file, arena), O_RDONLY | O_NOFOLLOW);
	r = fd < 0 ? fd : file_state_of(fd, &state);
	if (r == 0 && strcmp(state.sha256, file.sha256) != 0)
		r = -EBADMSG;
	return r < 0 ? r : steal_fd(&fd);
}

int store_read(const struct via_root *root, const struct via_action *action, const char *value,
	       struct via_arena *arena, struct via_span *ret)
{
	struct via_file_value file;
	struct via_blob blob;

	if (!action->store || file_value_parse(value, &file) < 0)
		return -EINVAL;
	if (!file.there || !file.size) {
		*ret = (struct via_span){ (const uint8_t *)"", 0 };
		return 0;
	}
	if (file.size > READ_LIMIT)
		return -EFBIG;
	blob = root_blob(root, arena, READ_LIMIT, "%s", kept_path(action, &file, arena));
	if (blob.fact.known != VIA_PRESENT)
		return blob.fact.known == VIA_ABSENT ? -ENOENT : -blob.fact.error;
	*ret = blob.span;
	return 0;
}

void store_drop(const struct via_root *root, const char *store)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_close_ int fd = root_openat(root, store, O_RDONLY | O_DIRECTORY);
	_cleanup_close_ int above =
		root_openat(root, arena_printf(arena, "%s/..", store), O_RDONLY | O_DIRECTORY);
	const char *name = strrchr(store, '/');
	struct via_names names;

	root_entries(root, arena, &names, "%s", store);
	via_for_each (kept, &names)
		if (fd >= 0)
			unlinkat(fd, *kept, 0);
	if (fd >= 0 && above >= 0 && name)
		unlinkat(above, name + 1, AT_REMOVEDIR);
}
