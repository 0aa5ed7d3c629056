/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/span.h"

/*
 * What an initramfs image holds: an index of names and the few small files that decide
 * which driver comes first. Never put on disk, read in one pass.
 *
 * An image is a row of segments, each a cpio archive ("newc"), plain or compressed: as a
 * rule a plain one with microcode, then a compressed one. libarchive takes the compression
 * off. The archive itself is walked here: libarchive's cpio reader stops at the first
 * trailer and does not say where, and what comes behind it is what is looked for.
 *
 * Source: Documentation/driver-api/early-userspace/buffer-format.rst, init/initramfs.c
 */

/**
 * struct via_image - bytes that are read as they are needed
 * @read: fill at most @size bytes from @offset; 0 at the end, a negative errno
 */
struct via_image {
	void *context;
	uint64_t size;
	ssize_t (*read)(void *context, uint64_t offset, void *buffer, size_t size);
};

struct via_initramfs_file {
	const char *path; /* no leading slash */
	const char *text;
};

struct via_initramfs {
	const char *compression;  /* "zstd", "gzip" …; "" for none */
	const char *release;	  /* of the kernel whose modules are inside; NULL for none */
	const char *generator;	  /* "initramfs-tools", "dracut", "mkinitcpio", "booster"; NULL */
	struct via_names modules; /* names without .ko, with underscores */
	via_list(struct via_initramfs_file) files; /* modprobe.d, module lists, cmdline.d */
	uint64_t segments, entries, bytes;	   /* bytes: what the archives hold */
	bool complete; /* read to the end; false where something behind it was not understood */
};

enum {
	INITRAMFS_ENTRIES = 200000,
	INITRAMFS_MODULES = 20000,
	INITRAMFS_NAME_BYTES = 4096,
	INITRAMFS_FILE_BYTES = 64 * 1024,
	INITRAMFS_KEPT_BYTES = 1024 * 1024,
};
#define INITRAMFS_BYTES (2ULL * 1024 * 1024 * 1024) /* what it may unpack to */

/**
 * initramfs_decode - index an image
 * @ret_trouble: what is wrong, in words, on failure; in @arena
 *
 * Return: 0; -EBADMSG damaged or no initramfs; -EOPNOTSUPP compressed in a way this build
 * cannot read; -EFBIG above the limits; what @image answered
 */
int initramfs_decode(struct via_arena *arena, const struct via_image *image,
		     struct via_initramfs *ret, const char **ret_trouble);

/* image_of_span - an image in memory; @bytes must outlive it */
struct via_image image_of_span(const struct via_span *bytes);

/* initramfs_has - whether that module is inside; "-" and "_" are one */
bool initramfs_has(const struct via_initramfs *initramfs, const char *module);

/**
 * initramfs_to_text, initramfs_from_text - an index as text and back, for recordings
 * Return: from_text: 0; -EBADMSG
 */
const char *initramfs_to_text(struct via_arena *arena, const struct via_initramfs *initramfs);
int initramfs_from_text(struct via_arena *arena, struct via_span text, struct via_initramfs *ret);
