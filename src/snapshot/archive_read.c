/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/libarchive.h"
#include "base/parse.h"
#include "snapshot/snapshot.h"

enum { USTAR_AT = 257 };

static void cleanup_archive(struct archive **archive)
{
	if (*archive)
		archive_read_free(*archive);
}

bool snapshot_is_archive(struct via_span bytes)
{
	static const struct {
		size_t at, size;
		const char *magic;
	} magics[] = {
		{ 0, 4, "\x28\xb5\x2f\xfd" }, /* zstd */
		{ 0, 2, "\x1f\x8b" },	      /* gzip */
		{ 0, 6,
		  "\xfd"
		  "7zXZ" }, /* xz, with its NUL */
		{ USTAR_AT, 5, "ustar" },
	};

	for (size_t i = 0; i < VIA_COUNT(magics); i++)
		if (span_has(bytes, magics[i].at, magics[i].size) &&
		    memcmp(bytes.data + magics[i].at, magics[i].magic, magics[i].size) == 0)
			return true;
	return false;
}

/* One archive on its way into memory. */
struct reader {
	struct archive *archive;
	struct via_memtree *tree;
	const char *name;
	struct via_error *error;
	size_t entries, total;
	size_t counted; /* nodes whose names are in @total */
};

static int refuse(struct reader *reader, int code, const char *path, const char *why)
{
	error_set(reader->error, code, "read snapshot", reader->name, "%s: %.200s", why, path);
	return error_hint(reader->error, "nothing of it was used or put on disk");
}

static int over(struct reader *reader, const char *path, const char *what, size_t limit)
{
	error_set(reader->error, -EFBIG, "read snapshot", reader->name,
		  "more than %zu %s, at %.200s", limit, what, path);
	return error_hint(reader->error, "nothing of it was used or put on disk");
}

static int damaged(struct reader *reader)
{
	const char *why = archive_error_string(reader->archive);

	error_set(reader->error, -EBADMSG, "read snapshot", reader->name, "%s",
		  why ? why : "the archive is damaged");
	return error_hint(reader->error, "it may have been cut short on its way: copy it again, "
					 "or capture it again");
}

static int read_data(struct reader *reader, const char *path, void *data, size_t limit,
		     size_t *ret_size)
{
	size_t size = 0;

	while (size < limit) {
		ssize_t n = archive_read_data(reader->archive, (char *)data + size, limit - size);

		if (n < 0)
			return damaged(reader);
		if (n == 0)
			break;
		size += (size_t)n;
	}
	*ret_size = size;
	return 0;
}

/* The size an entry claims is checked before a byte is set aside for it. */
static int take_file(struct reader *reader, struct archive_entry *entry, const char *path)
{
	int64_t claimed = archive_entry_size(entry);
	struct via_memtree_node *node;
	struct via_span span = { 0 };
	void *data;
	int r;

	if (claimed < 0 || claimed > SNAPSHOT_FILE_BYTES)
		return over(reader, path, "bytes in one file", SNAPSHOT_FILE_BYTES);
	reader->total += (size_t)claimed;
	if (reader->total > SNAPSHOT_TOTAL_BYTES)
		return over(reader, path, "bytes in all", SNAPSHOT_TOTAL_BYTES);
	data = arena_alloc(reader->tree->arena, (size_t)claimed);
	span.data = data;
	r = read_data(reader, path, data, (size_t)claimed, &span.size);
	if (r < 0)
		return r;
	node = memtree_add(reader->tree, path, VIA_MEMTREE_FILE);
	if (!node)
		return refuse(reader, -EBADMSG, path, "what is above it is no directory");
	node->data = span;
	node->filled = true;
	return 0;
}

/* What is kept as UTF-8 has no spelling of its own in the C locale. */
static const char *in_any_locale(const char *text, const char *utf8)
{
	return text && *text ? text : utf8;
}

static int take_link(struct reader *reader, struct archive_entry *entry, const char *path)
{
	const char *target =
		in_any_locale(archive_entry_symlink(entry), archive_entry_symlink_utf8(entry));

	if (!target || !*target || strlen(target) >= PATH_MAX)
		return refuse(reader, -EBADMSG, path, "a link without a proper target");
	if (snapshot_link_leads_out(path, target))
		return refuse(reader, -EXDEV, path, "a link leads out of the snapshot");
	if (!memtree_add_link(reader->tree, path, target))
		return refuse(reader, -EBADMSG, path, "what is above it is no directory");
	return 0;
}

static int take_directory(struct reader *reader, const char *path)
{
	const struct via_memtree_node *node = memtree_find(reader->tree, path);

	if (node ? node->kind != VIA_MEMTREE_DIRECTORY
		 : !memtree_add(reader->tree, path, VIA_MEMTREE_DIRECTORY))
		return refuse(reader, -EBADMSG, path, "what is above it is no directory");
	return 0;
}

/* "./a/b/" -> "a/b"; what is left must be a normal path. */
static int take_path(struct reader *reader, struct archive_entry *entry,
		     char path[SNAPSHOT_NAME_BYTES + 1])
{
	const char *name =
		in_any_locale(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry));
	size_t length;

	*path = '\0';
	if (!name)
		return refuse(reader, -EBADMSG, "?", "an entry without a name");
	while (text_starts(name, "./"))
		name += 2 + strspn(name + 2, "/");
	length = strlen(name);
	if (length > SNAPSHOT_NAME_BYTES)
		return over(reader, name, "bytes in one name", SNAPSHOT_NAME_BYTES);
	while (length > 1 && name[length - 1] == '/')
		length--;
	memcpy(path, name, length);
	path[length] = '\0';
	if (!length || strcmp(path, ".") == 0)
		*path = '\0';
	else if (!memtree_path_is_normal(path))
		return refuse(reader, -EXDEV, name, "a path leads out of the snapshot");
	return 0;
}

/* Names take memory too, and one of "a/a/a/..." makes hundreds of directories. */
static int count_names(struct reader *reader, const char *path)
{
	for (; reader->counted < reader->tree->nodes.count; reader->counted++)
		reader->total += strlen(reader->tree->nodes.items[reader->counted]->path);
	if (reader->tree->nodes.count > SNAPSHOT_ENTRIES)
		return over(reader, path, "files and directories", SNAPSHOT_ENTRIES);
	if (reader->total > SNAPSHOT_TOTAL_BYTES)
		return over(reader, path, "bytes in all", SNAPSHOT_TOTAL_BYTES);
	return 0;
}

static int take_entry(struct reader *reader, struct archive_entry *entry)
{
	char path[SNAPSHOT_NAME_BYTES + 1];
	int r = take_path(reader, entry, path);

	if (r < 0)
		return r;
	if (++reader->entries > SNAPSHOT_ENTRIES)
		return over(reader, path, "entries", SNAPSHOT_ENTRIES);
	if (!*path)
		return 0;
	if (archive_entry_hardlink(entry))
		return refuse(reader, -EBADMSG, path, "a hard link has no place in a snapshot");
	if (archive_entry_filetype(entry) == AE_IFDIR)
		return take_directory(reader, path);
	if (memtree_find(reader->tree, path))
		return refuse(reader, -EBADMSG, path, "one path is there twice");
	if (archive_entry_filetype(entry) == AE_IFREG)
		return take_file(reader, entry, path);
	if (archive_entry_filetype(entry) == AE_IFLNK)
		return take_link(reader, entry, path);
	return refuse(reader, -EBADMSG, path, "a device node has no place in a snapshot");
}

static int take_all(struct reader *reader)
{
	struct archive_entry *entry;
	int r;

	for (;;) {
		r = archive_read_next_header(reader->archive, &entry);
		if (r == ARCHIVE_EOF)
			return 0;
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return damaged(reader);
		r = take_entry(reader, entry);
		if (r == 0)
			r = count_names(reader, archive_entry_pathname(entry) ?: "?");
		if (r < 0)
			return r;
	}
}

int snapshot_read(struct via_arena *arena, struct via_span bytes, const char *name,
		  struct via_memtree **ret, struct via_error *error)
{
	_cleanup_(cleanup_archive) struct archive *archive =
		libarchive_load() ? archive_read_new() : NULL;
	struct reader reader = {
		.archive = archive, .tree = memtree_new(arena), .name = name, .error = error
	};
	const struct via_memtree_node *manifest;
	int r;

	if (!libarchive_load())
		return error_set(error, -EOPNOTSUPP, "read snapshot", name,
				 "libarchive is not installed");
	if (!archive)
		return error_set(error, -ENOMEM, "read snapshot", name, NULL);
	archive_read_support_format_tar(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_xz(archive);
	if (archive_read_open_memory(archive, bytes.data, bytes.size) != ARCHIVE_OK)
		return damaged(&reader);
	r = take_all(&reader);
	if (r < 0)
		return r;
	if (reader.tree->nodes.count == 1) /* the top */
		return refuse(&reader, -EBADMSG, name, "the archive holds nothing");
	manifest = memtree_find(reader.tree, SNAPSHOT_MANIFEST);
	if (manifest &&
	    (manifest->kind != VIA_MEMTREE_FILE || manifest_apply(reader.tree, manifest->data) < 0))
		return refuse(&reader, -EBADMSG, SNAPSHOT_MANIFEST, "the manifest is damaged");
	*ret = reader.tree;
	return 0;
}
