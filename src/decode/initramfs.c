/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/initramfs.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/initramfs_stream.h"

enum {
	CPIO_HEADER = 110,
	CPIO_MODE_AT = 14,
	CPIO_SIZE_AT = 54,
	CPIO_NAME_AT = 94,
	CPIO_FIELD = 8,
	MAGIC = 6,
	S_FORMAT = 0170000,
	S_FILE = 0100000,
};

struct walk {
	struct via_arena *arena;
	struct via_stream stream;
	struct via_initramfs *index;
	size_t kept; /* bytes of content */
	const char *trouble;
};

static int refuse(struct walk *walk, int code, const char *why)
{
	if (!walk->trouble)
		walk->trouble = why;
	return code;
}

static bool hex_field(const char *header, size_t at, uint64_t *ret)
{
	char text[CPIO_FIELD + 1] = "";

	memcpy(text, header + at, CPIO_FIELD);
	return parse_u64(text, 16, ret) == 0;
}

/* "kernel/drivers/vfio/pci/vfio-pci.ko.zst" -> vfio_pci; NULL for anything else */
static const char *module_name(struct via_arena *arena, const char *path)
{
	const char *name = path_name(path), *end = strstr(name, ".ko");
	char *copy;

	if (!end || end == name || (end[3] && end[3] != '.'))
		return NULL;
	copy = arena_strndup(arena, name, (size_t)(end - name));
	for (char *at = copy; *at; at++)
		if (*at == '-')
			*at = '_';
	return copy;
}

/* usr/lib/modules/RELEASE/… */
static void note_release(struct walk *walk, const char *path)
{
	const char *at = strstr(path, "lib/modules/");
	size_t length;

	if (walk->index->release || !at || (at != path && at[-1] != '/'))
		return;
	at += strlen("lib/modules/");
	length = strcspn(at, "/");
	if (length && at[length])
		walk->index->release = arena_strndup(walk->arena, at, length);
}

static void note_generator(struct walk *walk, const char *path)
{
	static const struct {
		const char *path, *generator;
	} traces[] = {
		{ "conf/initramfs.conf", "initramfs-tools" },
		{ "scripts/init-top", "initramfs-tools" },
		{ "usr/lib/dracut", "dracut" },
		{ "lib/dracut", "dracut" },
		{ "init_functions", "mkinitcpio" },
		{ "etc/booster.init.yaml", "booster" },
	};

	for (size_t i = 0; !walk->index->generator && i < VIA_COUNT(traces); i++)
		if (strcmp(path, traces[i].path) == 0)
			walk->index->generator = traces[i].generator;
}

/* The files that decide which driver is loaded first, and how. */
static bool is_kept(const char *path)
{
	static const char *const whole[] = { "conf/modules", "config", "buildconfig",
					     "etc/booster.init.yaml", "etc/cmdline" };
	static const char *const folders[] = { "etc/modprobe.d/",
					       "lib/modprobe.d/",
					       "usr/lib/modprobe.d/",
					       "etc/modules-load.d/",
					       "usr/lib/modules-load.d/",
					       "lib/modules-load.d/",
					       "etc/cmdline.d/",
					       "conf/conf.d/",
					       "etc/viaduct/" };

	for (size_t i = 0; i < VIA_COUNT(whole); i++)
		if (strcmp(path, whole[i]) == 0)
			return true;
	for (size_t i = 0; i < VIA_COUNT(folders); i++)
		if (text_starts(path, folders[i]) && !strchr(path + strlen(folders[i]), '/'))
			return true;
	return false;
}

static int keep_file(struct walk *walk, const char *path, uint64_t size)
{
	char *text;
	int r;

	if (size > INITRAMFS_FILE_BYTES || walk->kept + size > INITRAMFS_KEPT_BYTES) {
		walk->index->complete = false;
		return stream_pass(&walk->stream, size);
	}
	text = arena_alloc(walk->arena, (size_t)size + 1);
	r = size ? stream_take(&walk->stream, text, (size_t)size) : 0;
	if (r < 0)
		return r == -ENODATA ? -EBADMSG : r;
	walk->kept += (size_t)size;
	*via_list_add(walk->arena, &walk->index->files) =
		(struct via_initramfs_file){ arena_strdup(walk->arena, path), text };
	return 0;
}

static int take_entry(struct walk *walk, const char *path, uint64_t mode, uint64_t size)
{
	const char *module;

	if (++walk->index->entries > INITRAMFS_ENTRIES)
		return refuse(walk, -EFBIG, "it has more entries than any initramfs has");
	while (text_starts(path, "./") || *path == '/')
		path += *path == '/' ? 1 : 2;
	note_release(walk, path);
	note_generator(walk, path);
	if ((mode & S_FORMAT) != S_FILE)
		return stream_pass(&walk->stream, size);
	module = module_name(walk->arena, path);
	if (module && walk->index->modules.count < INITRAMFS_MODULES)
		*via_list_add(walk->arena, &walk->index->modules) = module;
	return is_kept(path) ? keep_file(walk, path, size) : stream_pass(&walk->stream, size);
}

static uint64_t padding(uint64_t size)
{
	return -size & 3;
}

/* Behind the magic. Return: 1 for an entry, 0 for the trailer, a negative errno */
static int take_record(struct walk *walk, char header[CPIO_HEADER])
{
	char name[INITRAMFS_NAME_BYTES + 1];
	uint64_t mode, size, name_size;
	int r = stream_take(&walk->stream, header + MAGIC, CPIO_HEADER - MAGIC);

	if (r < 0)
		return r;
	if (!hex_field(header, CPIO_MODE_AT, &mode) || !hex_field(header, CPIO_SIZE_AT, &size) ||
	    !hex_field(header, CPIO_NAME_AT, &name_size) || !name_size ||
	    name_size > INITRAMFS_NAME_BYTES)
		return refuse(walk, -EBADMSG, "a cpio header is damaged");
	r = stream_take(&walk->stream, name, (size_t)name_size);
	if (r == 0)
		r = stream_pass(&walk->stream, padding(CPIO_HEADER + name_size));
	if (r < 0)
		return r;
	name[name_size] = '\0';
	if (strcmp(name, "TRAILER!!!") == 0)
		return 0;
	r = take_entry(walk, name, mode, size);
	if (r == 0)
		r = stream_pass(&walk->stream, padding(size));
	return r < 0 ? r : 1;
}

/* One archive; its first magic is read already. */
static int walk_archive(struct walk *walk, const char magic[MAGIC])
{
	char header[CPIO_HEADER];

	memcpy(header, magic, MAGIC);
	for (;;) {
		int r = take_record(walk, header);

		if (r <= 0)
			return r == -ENODATA ? -EBADMSG : r;
		r = stream_take(&walk->stream, header, MAGIC);
		if (r < 0)
			return r == -ENODATA ? 0 : r; /* a trailer may be missing */
		if (memcmp(header, "070701", MAGIC) != 0 && memcmp(header, "070702", MAGIC) != 0)
			return refuse(walk, -EBADMSG, "a cpio header is damaged");
	}
}

/* Past NULs. Return: 1 and a byte, 0 at the end, a negative errno */
static int first_byte(struct walk *walk, char *ret)
{
	for (;;) {
		int r = stream_take(&walk->stream, ret, 1);

		if (r < 0)
			return r == -ENODATA ? 0 : r;
		if (*ret)
			return 1;
	}
}

/* Archives one behind the other, up to the end of what was unpacked. */
static int walk_unpacked(struct walk *walk)
{
	char magic[MAGIC];

	for (;;) {
		int r = first_byte(walk, magic);

		if (r <= 0)
			return r;
		r = stream_take(&walk->stream, magic + 1, MAGIC - 1);
		if (r < 0 || text_starts(magic, "07070") == false)
			return refuse(walk, -EBADMSG, "no cpio archive is inside");
		r = walk_archive(walk, magic);
		if (r < 0)
			return r;
		walk->index->segments++;
	}
}

static int walk_compressed(struct walk *walk, const char *name)
{
	int r = unpacker_open(&walk->stream, name);

	walk->index->compression = name;
	if (r == -EOPNOTSUPP)
		refuse(walk, r, arena_printf(walk->arena, "this build cannot unpack %s", name));
	if (r == 0)
		r = walk_unpacked(walk);
	if (r < 0 && walk->stream.trouble && !walk->trouble)
		walk->trouble = arena_strdup(walk->arena, walk->stream.trouble);
	unpacker_close(&walk->stream);
	return r;
}

/* Padding between segments is read in blocks. */
static int skip_zeroes(struct via_stream *stream)
{
	uint8_t block[4096];

	for (;;) {
		ssize_t n = stream->image->read(stream->image->context, stream->offset, block,
						sizeof(block));

		if (n <= 0)
			return (int)n;
		for (ssize_t i = 0; i < n; i++)
			if (block[i]) {
				stream->offset += (uint64_t)i;
				return 1;
			}
		stream->offset += (uint64_t)n;
	}
}

/* Return: 1 when there may be another segment, 0 at the end, a negative errno */
static int walk_segment(struct walk *walk)
{
	struct via_stream *stream = &walk->stream;
	uint8_t magic[8] = { 0 };
	const char *name;
	ssize_t n;
	int r = skip_zeroes(stream);

	if (r <= 0)
		return r;
	n = stream->image->read(stream->image->context, stream->offset, magic, sizeof(magic));
	if (n < 0)
		return (int)n;
	if (memcmp(magic, "070701", MAGIC) == 0 || memcmp(magic, "070702", MAGIC) == 0) {
		stream->offset += MAGIC;
		r = walk_archive(walk, (const char *)magic);
		walk->index->segments += r == 0;
		return r < 0 ? r : 1;
	}
	name = initramfs_compression(magic);
	if (!name)
		return refuse(walk, -EBADMSG, "what starts here is neither cpio nor compressed");
	r = walk_compressed(walk, name);
	if (r < 0)
		return r;
	/* The decompressor reads ahead: what is behind its last block cannot be placed. */
	if (stream->offset < stream->image->size && skip_zeroes(stream) != 0)
		walk->index->complete = false;
	return 0;
}

int initramfs_decode(struct via_arena *arena, const struct via_image *image,
		     struct via_initramfs *ret, const char **ret_trouble)
{
	struct via_initramfs index = { .compression = "", .complete = true };
	struct walk walk = { .arena = arena, .stream = { .image = image }, .index = &index };
	int r;

	do
		r = walk_segment(&walk);
	while (r > 0);
	if (r == 0 && !index.segments)
		r = refuse(&walk, -EBADMSG, "it is empty");
	if (r < 0) {
		*ret_trouble = walk.trouble	     ? walk.trouble
			       : walk.stream.trouble ? walk.stream.trouble
			       : r == -EBADMSG	     ? "it ends too early"
						     : strerror(-r);
		return r;
	}
	index.bytes = walk.stream.unpacked;
	names_sort(&index.modules);
	*ret = index;
	return 0;
}

static ssize_t read_span(void *context, uint64_t offset, void *buffer, size_t size)
{
	const struct via_span *bytes = context;

	if (offset >= bytes->size)
		return 0;
	if (size > bytes->size - offset)
		size = bytes->size - (size_t)offset;
	memcpy(buffer, bytes->data + offset, size);
	return (ssize_t)size;
}

struct via_image image_of_span(const struct via_span *bytes)
{
	return (struct via_image){ (void *)bytes, bytes->size, read_span };
}

bool initramfs_has(const struct via_initramfs *initramfs, const char *module)
{
	_cleanup_free_ char *name = strdup(module);

	for (char *at = name; at && *at; at++)
		if (*at == '-')
			*at = '_';
	return name && names_have(&initramfs->modules, name);
}
