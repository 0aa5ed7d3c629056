/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "probe/kernel_log_files.h"
#include "probe/lspci.h"
#include "snapshot/snapshot.h"
#include "sys/effect.h"

enum { SOURCE_BYTES = 256 * 1024 * 1024, FIRST_BYTES = 64 * 1024 };

/* All of a file or pipe. Return: 0; -EFBIG; read's negative errno. @ret is to be freed */
static int read_whole(int fd, uint8_t **ret, size_t *ret_size)
{
	_cleanup_free_ uint8_t *data = NULL;
	size_t size = 0, room = 0;

	for (;;) {
		ssize_t n;

		if (size == room) {
			uint8_t *more =
				room >= SOURCE_BYTES
					? NULL
					: realloc(data, room = room ? room * 2 : FIRST_BYTES);

			if (!more)
				return room >= SOURCE_BYTES ? -EFBIG : -ENOMEM;
			data = more;
		}
		n = read(fd, data + size, room - size);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		size += n > 0 ? (size_t)n : 0;
	}
	*ret = data;
	*ret_size = size;
	data = NULL;
	return 0;
}

/* What kind it is, its content tells. */
static int take_bytes(struct via_world *ret, struct via_span bytes, const char *source,
		      struct via_arena *arena, struct via_error *error)
{
	struct via_memtree *tree;
	int r;

	if (snapshot_is_archive(bytes)) {
		r = snapshot_read(arena, bytes, source, &tree, error);
		if (r < 0)
			return r;
	} else {
		tree = lspci_files(arena, bytes);
		if (!tree)
			tree = kernel_log_files(arena, bytes);
		if (!tree) {
			error_set(error, -EBADMSG, "open source", source,
				  "it is neither a snapshot nor the output of lspci -x, nor a "
				  "kernel's log");
			return error_hint(error, "viaduct snapshot FILE, lspci -xxxx and dmesg, "
						 "each as root, make them");
		}
	}
	ret->root = root_of_memtree(tree, source);
	return 0;
}

static int open_file(struct via_world *ret, int fd, const char *source, struct via_arena *arena,
		     struct via_error *error)
{
	_cleanup_free_ uint8_t *data = NULL;
	size_t size = 0;
	int r = read_whole(fd, &data, &size);

	if (r == -EFBIG)
		return error_set(error, r, "open source", source, "it is larger than %d MiB",
				 SOURCE_BYTES / 1024 / 1024);
	if (r < 0)
		return error_set(error, r, "open source", source, NULL);
	return take_bytes(ret, (struct via_span){ data, size }, source, arena, error);
}

static int open_path(struct via_world *ret, const char *source, struct via_arena *arena,
		     struct via_error *error)
{
	_cleanup_close_ int fd = -1;
	struct stat status;

	if (strcmp(source, "-") == 0)
		return open_file(ret, STDIN_FILENO, source, arena, error);
	if (stat(source, &status) < 0)
		return error_set(error, -errno, "open source", source, NULL);
	if (S_ISDIR(status.st_mode))
		return root_open(&ret->root, source, error);
	fd = open(source, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return error_set(error, -errno, "open source", source, NULL);
	return open_file(ret, fd, source, arena, error);
}

int source_open(struct via_world *ret, const char *source, struct via_arena *arena,
		struct via_error *error)
{
	struct via_world world = { 0 };
	int r = open_path(&world, source, arena, error);

	if (r < 0)
		return r;
	if (world.root.live) {
		world.queries = queries_live();
		*ret = world;
		ret->effects = effects_live(&ret->root);
		return 0;
	}
	r = queries_recorded(&world.queries, &world.root, arena, error);
	if (r < 0) {
		root_close(&world.root);
		return r;
	}
	*ret = world;
	return 0;
}
