/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/generator.h"
#include "decode/efi_variable.h"
#include "decode/line.h"
#include "decode/pe_section.h"
#include "sys/record.h"

enum { INDEX_BYTES = 4 * 1024 * 1024 };

/* Where an index stands that was made when a snapshot was taken: the image is not in it. */
#define INDEX_FOLDER ".viaduct/initramfs"

/* An image on disk, or a part of a file. */
struct part {
	int fd;
	uint64_t start, size;
};

static ssize_t read_part(void *context, uint64_t offset, void *buffer, size_t size)
{
	const struct part *part = context;
	ssize_t n;

	if (offset >= part->size)
		return 0;
	if (size > part->size - offset)
		size = (size_t)(part->size - offset);
	n = pread(part->fd, buffer, size, (off_t)(part->start + offset));
	return n < 0 ? -errno : n;
}

/* Of a unified image, its .initrd section. */
static int narrow(struct via_boot_view *view, struct part *part)
{
	uint8_t *head = arena_alloc(view->arena, PE_HEADER_BYTES);
	ssize_t n = pread(part->fd, head, PE_HEADER_BYTES, 0);
	const struct via_pe_section *section;
	struct via_pe pe;

	if (n < 0)
		return -errno;
	if (pe_decode(view->arena, (struct via_span){ head, (size_t)n }, &pe) < 0)
		return -EBADMSG;
	section = pe_section(&pe, ".initrd");
	if (!section)
		return -ENODATA;
	part->start = section->offset;
	part->size = section->size;
	return 0;
}

/* Return: 0; the index' fact is set either way */
static void index_file(struct via_boot_view *view, struct via_boot_image *image)
{
	const char *path = image->file.path, *trouble = NULL;
	_cleanup_close_ int fd = root_openat(view->root, path, O_RDONLY | O_NOCTTY);
	struct part part = { .fd = fd };
	struct via_image source = { &part, 0, read_part };
	struct stat status;
	int r;

	if (fd < 0 || fstat(fd, &status) < 0) {
		image->index = fact_unknown(path, fd < 0 ? -fd : errno);
		return;
	}
	part.size = (uint64_t)status.st_size;
	r = S_ISREG(status.st_mode) ? 0 : -EBADMSG;
	if (r == 0 && image->known == VIA_IMAGE_IN_UKI)
		r = narrow(view, &part);
	source.size = part.size;
	if (r == 0)
		r = initramfs_decode(view->arena, &source, &image->content, &trouble);
	image->index = r < 0 ? fact_unknown(path, -r) : fact_present(path, "indexed", 1);
	image->index.text = r < 0 ? trouble : image->index.text;
}

static const char trouble_mark[] = "trouble ";

/* "trouble ERRNO WORDS" stands for an image that could not be looked into. */
static bool trouble_recorded(struct via_boot_view *view, struct via_boot_image *image,
			     struct via_span text)
{
	char *line = line_next(view->arena, &text), *words;
	const char *number;
	uint64_t error;

	if (!line || !text_starts(line, trouble_mark))
		return false;
	number = line_key(line + strlen(trouble_mark), &words);
	if (!number || parse_u64(number, 10, &error) < 0 || error > INT32_MAX)
		return false;
	image->index = fact_unknown(image->file.path, (int)error);
	image->index.text = *words ? words : NULL;
	return true;
}

/* A recording holds the index, under the image's own path. */
static bool index_recorded(struct via_boot_view *view, struct via_boot_image *image)
{
	struct via_root root = *view->root;
	struct via_blob blob;

	root.recorder = NULL; /* a recording of it is added by name */
	blob = root_blob(&root, view->arena, INDEX_BYTES, INDEX_FOLDER "/%s", image->file.path);
	if (!fact_is(&blob.fact, VIA_PRESENT))
		return false;
	if (trouble_recorded(view, image, blob.span))
		return true;
	if (initramfs_from_text(view->arena, blob.span, &image->content) < 0)
		return false;
	image->index = fact_present(image->file.path, "indexed", 1);
	return true;
}

static void record_index(const struct via_boot_view *view, const struct via_boot_image *image)
{
	const char *text;

	if (!view->root->recorder)
		return;
	if (fact_is(&image->index, VIA_PRESENT))
		text = initramfs_to_text(view->arena, &image->content);
	else
		text = arena_printf(view->arena, "%s%d %s\n", trouble_mark, image->index.error,
				    image->index.text ? image->index.text : "");
	memtree_add_file(view->root->recorder->tree,
			 arena_printf(view->arena, INDEX_FOLDER "/%s", image->file.path), text,
			 strlen(text));
}

/* A path as a loader writes it: of its own partition, or of the whole tree. */
static bool try_path(struct via_boot_view *view, const char *written, enum via_image_known known)
{
	static const char *const partitions[] = { "boot/", "efi/", "boot/efi/", "" };
	struct via_boot_image *image = &view->boot->image;
	const char *mark = strstr(written, ":/"); /* Limine's boot():/ and boot:/// */
	const char *path;

	while (mark && mark[1] == '/')
		mark++;
	path = efi_file_path(view->arena, mark ? mark : written);
	for (size_t i = 0; i < VIA_COUNT(partitions) && *path; i++) {
		struct via_fact fact =
			root_exists(view->root, view->arena, "%s%s", partitions[i], path);

		if (!fact_is(&fact, VIA_PRESENT))
			continue;
		image->file = fact;
		image->known = known;
		return true;
	}
	/* A subvolume in front of it: /@/boot/… */
	return strncmp(path, "@", 1) == 0 && strchr(path, '/') &&
	       try_path(view, strchr(path, '/') + 1, known);
}

static bool is_microcode(const char *path)
{
	const char *name = path_name(path);

	return strstr(name, "ucode") || strstr(name, "microcode");
}

static bool try_entry(struct via_boot_view *view, const struct via_boot_entry *entry)
{
	if (!entry)
		return false;
	if (entry->efi && entry->file && entry->kernel && strcmp(entry->file, entry->kernel) == 0)
		return try_path(view, entry->kernel, VIA_IMAGE_IN_UKI);
	for (size_t i = entry->initrds.count; i-- > 0;)
		if (!is_microcode(entry->initrds.items[i]) &&
		    try_path(view, entry->initrds.items[i], VIA_IMAGE_BY_ENTRY))
			return true;
	return false;
}

static bool try_names(struct via_boot_view *view)
{
	static const char *const places[] = { "boot/initrd.img-", "boot/initramfs-", "boot/initrd-",
					      "boot/initramfs.img-" };
	const char *release = fact_text(&view->host->kernel_release);
	const char *image = fact_text(&view->boot->boot_image);

	for (size_t i = 0; release && i < VIA_COUNT(places); i++)
		if (try_path(view, arena_printf(view->arena, "%s%s", places[i], release),
			     VIA_IMAGE_BY_NAME) ||
		    try_path(view, arena_printf(view->arena, "%s%s.img", places[i], release),
			     VIA_IMAGE_BY_NAME))
			return true;
	/* Arch: vmlinuz-linux-lts has initramfs-linux-lts.img. */
	return image && text_starts(path_name(image), "vmlinuz-") &&
	       try_path(view,
			arena_printf(view->arena, "boot/initramfs-%s.img",
				     path_name(image) + strlen("vmlinuz-")),
			VIA_IMAGE_BY_NAME);
}

void image_look(struct via_boot_view *view, bool read)
{
	struct via_boot_image *image = &view->boot->image;
	const char *named = view_word(view, "initrd");

	if (!try_entry(view, boot_entry_at(view->boot, view->boot->booted_entry)) &&
	    !(named && !is_microcode(named) && try_path(view, named, VIA_IMAGE_BY_CMDLINE)) &&
	    !try_names(view)) {
		image->file = fact_unknown("boot", ENODATA);
		return;
	}
	if (!read)
		return;
	/* The running host has no recording; what else is there may be one. */
	if (view->root->live || !index_recorded(view, image))
		index_file(view, image);
	record_index(view, image);
}

void image_look_entry(struct via_boot_view *view, const struct via_boot_entry *entry)
{
	struct via_boot_image *image = &view->boot->image;

	if (!try_entry(view, entry)) {
		image->index = image->file = fact_unknown("boot", ENODATA);
		return;
	}
	if (view->root->live || !index_recorded(view, image))
		index_file(view, image);
}
