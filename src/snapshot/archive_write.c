/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/libarchive.h"
#include "snapshot/snapshot.h"

static void cleanup_archive(struct archive **archive)
{
	if (*archive)
		archive_write_free(*archive);
}

static void cleanup_entry(struct archive_entry **entry)
{
	if (*entry)
		archive_entry_free(*entry);
}

struct writer {
	struct archive *archive;
	struct archive_entry *entry; /* used anew for each */
	time_t now;
};

/* A header, and the bytes of a file. Return: 0, or -EIO with libarchive's words in it */
static int write_entry(struct writer *writer, const char *path, mode_t type, struct via_span data,
		       const char *target)
{
	struct archive_entry *entry = archive_entry_clear(writer->entry);
	struct archive *archive = writer->archive;

	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, type == AE_IFDIR ? 0755 : 0644);
	archive_entry_set_size(entry, (la_int64_t)data.size);
	archive_entry_set_mtime(entry, writer->now, 0);
	if (target)
		archive_entry_set_symlink(entry, target);
	/* A warning: the locale has no such character, and the name goes out byte by byte. */
	if (archive_write_header(archive, entry) < ARCHIVE_WARN)
		return -EIO;
	if (data.size && archive_write_data(archive, data.data, data.size) != (la_ssize_t)data.size)
		return -EIO;
	return 0;
}

static int write_node(struct writer *writer, const struct via_memtree_node *node)
{
	struct via_span none = { 0 };

	if (node->kind == VIA_MEMTREE_DIRECTORY && *node->path)
		return write_entry(writer, node->path, AE_IFDIR, none, NULL);
	if (node->kind == VIA_MEMTREE_FILE && node->filled)
		return write_entry(writer, node->path, AE_IFREG, node->data, NULL);
	if (node->kind == VIA_MEMTREE_LINK && !snapshot_link_leads_out(node->path, node->target))
		return write_entry(writer, node->path, AE_IFLNK, none, node->target);
	return 0;
}

static int write_all(struct writer *writer, const struct via_memtree *tree, const char *manifest)
{
	struct via_span text = { (const uint8_t *)manifest, strlen(manifest) };
	int r = write_entry(writer, SNAPSHOT_MANIFEST, AE_IFREG, text, NULL);

	via_for_each (node, &tree->nodes) {
		if (r < 0)
			return r;
		if (strcmp((*node)->path, SNAPSHOT_MANIFEST) != 0)
			r = write_node(writer, *node);
	}
	return r < 0 || archive_write_close(writer->archive) == ARCHIVE_OK ? r : -EIO;
}

int snapshot_write(const struct via_memtree *tree, int fd, const struct via_snapshot_fact *facts,
		   const char *name, struct via_error *error)
{
	_cleanup_(cleanup_archive) struct archive *archive =
		libarchive_load() ? archive_write_new() : NULL;
	_cleanup_(cleanup_entry) struct archive_entry *entry = archive ? archive_entry_new() : NULL;
	struct writer writer = { .archive = archive, .entry = entry, .now = time(NULL) };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_memtree *spelt = snapshot_spell(tree, arena);
	_cleanup_free_ char *manifest = manifest_text(spelt, facts);

	if (!libarchive_load())
		return error_set(error, -EOPNOTSUPP, "write snapshot", name,
				 "libarchive is not installed");
	if (!entry || !manifest)
		return error_set(error, -ENOMEM, "write snapshot", name, NULL);
	archive_write_set_format_pax_restricted(archive);
	if (archive_write_add_filter_zstd(archive) != ARCHIVE_OK ||
	    archive_write_open_fd(archive, fd) != ARCHIVE_OK ||
	    write_all(&writer, spelt, manifest) < 0)
		return error_set(error, -EIO, "write snapshot", name, "%s",
				 archive_error_string(archive) ? archive_error_string(archive)
							       : "out of memory");
	return 0;
}
