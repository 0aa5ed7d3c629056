/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "base/span.h"
#include "sys/memtree.h"

/*
 * A snapshot is a tar archive (zstd) of what was read of a host, as sys/record.h noted it,
 * plus .viaduct/manifest.json: what was listed, absent or unreadable, and the errno.
 */

#define SNAPSHOT_MANIFEST ".viaduct/manifest.json"

/* What an archive may hold before it is refused: it may be hostile. */
enum {
	SNAPSHOT_ENTRIES = 1000 * 1000,
	SNAPSHOT_NAME_BYTES = 1024,
	SNAPSHOT_FILE_BYTES = 32 * 1024 * 1024,
	SNAPSHOT_TOTAL_BYTES = 256 * 1024 * 1024,
};

/* snapshot_is_archive - whether the first bytes are those of a tar, zstd, gzip or xz file */
bool snapshot_is_archive(struct via_span bytes);

/**
 * snapshot_read - take an archive into memory; nothing is put on disk
 * @name: for errors
 *
 * Refused are: a path that is absolute or has "..", a link that leads out or is absolute,
 * hard links and device nodes, one path twice, and more than the limits above. An archive
 * without a manifest is a captured tree like one on disk.
 *
 * Return: 0; -EBADMSG damaged, or no archive; -EXDEV a path or link leads out; -EFBIG a
 * limit, which @error names; -EOPNOTSUPP built without libarchive
 */
int snapshot_read(struct via_arena *arena, struct via_span bytes, const char *name,
		  struct via_memtree **ret, struct via_error *error);

/**
 * snapshot_write - write a recording
 * @fd: a regular file or a pipe
 * @facts: what the manifest says of the capture; strings, ended by a NULL key
 *
 * Return: 0, or a negative errno
 */
struct via_snapshot_fact {
	const char *key, *value;
};
int snapshot_write(const struct via_memtree *tree, int fd, const struct via_snapshot_fact *facts,
		   const char *name, struct via_error *error);

/* The manifest, for the two above; its paths must be UTF-8. */
char *manifest_text(const struct via_memtree *tree, const struct via_snapshot_fact *facts);
int manifest_apply(struct via_memtree *tree, struct via_span text);

/**
 * snapshot_spell - the same tree with every name in UTF-8, which JSON wants
 *
 * A name that is not has "?" for each byte beyond ASCII, as what is printed has. Of names that
 * become one, the first stays.
 *
 * Return: @tree itself where nothing had to be changed, else a copy in @arena
 */
const struct via_memtree *snapshot_spell(const struct via_memtree *tree, struct via_arena *arena);

/* snapshot_link_leads_out - whether a link at @path, followed, leaves the top */
bool snapshot_link_leads_out(const char *path, const char *target);
