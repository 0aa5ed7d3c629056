/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config_archive.h"
#include "decode/initramfs.h"
#include "decode/line.h"

/* An archive put together by hand. */
struct image {
	uint8_t bytes[256 * 1024];
	size_t size;
};

static void put(struct image *image, const void *data, size_t size)
{
	memcpy(image->bytes + image->size, data, size);
	image->size += size;
}

static void align(struct image *image)
{
	while (image->size % 4)
		image->bytes[image->size++] = 0;
}

static void put_entry(struct image *image, const char *name, unsigned int mode, const char *content)
{
	char header[111];

	snprintf(header, sizeof(header),
		 "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1, mode, 0, 0, 1, 0,
		 (unsigned int)strlen(content), 0, 0, 0, 0, (unsigned int)strlen(name) + 1, 0);
	put(image, header, 110);
	put(image, name, strlen(name) + 1);
	align(image);
	put(image, content, strlen(content));
	align(image);
}

static void put_archive(struct image *image)
{
	put_entry(image, "usr/lib/modules/6.1.0/kernel/vfio-pci.ko.xz", 0100644, "module");
	put_entry(image, "usr/lib/modules/6.1.0/kernel/nvme.ko", 0100644, "module");
	put_entry(image, "./etc/modprobe.d/vfio.conf", 0100644, "options vfio-pci ids=1:2\n");
	put_entry(image, "etc/viaduct/passthrough", 0100644, "address=0000:02:00.0\n");
	put_entry(image, "scripts/init-top", 040755, "");
	put_entry(image, "TRAILER!!!", 0, "");
}

static int decode(struct via_arena *arena, const struct image *image, struct via_initramfs *ret,
		  const char **trouble)
{
	struct via_span bytes = { image->bytes, image->size };
	struct via_image source = image_of_span(&bytes);

	return initramfs_decode(arena, &source, ret, trouble);
}

static void check(const struct via_initramfs *index)
{
	assert_string_equal(index->release, "6.1.0");
	assert_string_equal(index->generator, "initramfs-tools");
	assert_int_equal(index->modules.count, 2);
	assert_true(initramfs_has(index, "vfio-pci") && initramfs_has(index, "nvme"));
	assert_false(initramfs_has(index, "vfio"));
	assert_int_equal(index->files.count, 2);
	assert_string_equal(index->files.items[0].path, "etc/modprobe.d/vfio.conf");
	assert_string_equal(index->files.items[0].text, "options vfio-pci ids=1:2\n");
	assert_string_equal(index->files.items[1].path, "etc/viaduct/passthrough");
	assert_true(index->complete);
}

static void segments_one_behind_the_other(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct image *image = arena_new_object(arena, struct image);
	struct via_initramfs index;
	const char *trouble;

	put_entry(image, "kernel/x86/microcode/x.bin", 0100644, "made up");
	put_entry(image, "TRAILER!!!", 0, "");
	image->size += 512; /* padding */
	put_archive(image);
	assert_int_equal(decode(arena, image, &index, &trouble), 0);
	assert_int_equal(index.segments, 2);
	assert_int_equal(index.entries, 6);
	assert_string_equal(index.compression, "");
	check(&index);
}

static void every_way_of_packing(void **state)
{
	static const char *const filters[] = { "gzip", "xz", "zstd", "lz4", "bzip2", "lzma" };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct image *image = arena_new_object(arena, struct image);
	struct image *plain = arena_new_object(arena, struct image);
	struct via_initramfs index;
	const char *trouble;

	if (!TEST_HAS_ARCHIVE)
		skip();
	put_archive(plain);
	put_archive(plain); /* two archives inside one segment */
	for (size_t i = 0; i < VIA_COUNT(filters); i++) {
		size_t used = 0;

		image->size = 0;
		put_entry(image, "early", 0100644, "x");
		put_entry(image, "TRAILER!!!", 0, "");
		assert_int_equal(test_pack(filters[i], plain->bytes, plain->size,
					   image->bytes + image->size,
					   sizeof(image->bytes) - image->size, &used),
				 0);
		image->size += used;
		if (decode(arena, image, &index, &trouble) < 0)
			fail_msg("%s: %s", filters[i], trouble);
		assert_string_equal(index.compression, filters[i]);
		assert_int_equal(index.segments, 3);
		index.modules.count /= 2; /* each twice, in order */
		index.files.count /= 2;
		assert_string_equal(index.files.items[0].path, "etc/modprobe.d/vfio.conf");
		image->size -= used / 2;
		assert_int_equal(decode(arena, image, &index, &trouble), -EBADMSG);
		assert_non_null(trouble);
	}
}

static void damage_is_told(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct image *image = arena_new_object(arena, struct image);
	struct via_initramfs index;
	const char *trouble = NULL;

	assert_int_equal(decode(arena, image, &index, &trouble), -EBADMSG);
	put(image, "hello, world", 12);
	assert_int_equal(decode(arena, image, &index, &trouble), -EBADMSG);
	image->size = 0;
	put_archive(image);
	for (size_t size = 1; size < 400; size += 7) {
		image->size = size;
		assert_int_equal(decode(arena, image, &index, &trouble), -EBADMSG);
	}
	image->size = 0;
	put_archive(image);
	memcpy(image->bytes + 54, "ffffffff", 8); /* 4 GiB of content */
	assert_int_equal(decode(arena, image, &index, &trouble), -EBADMSG);
	memcpy(image->bytes + 54, "0000000g", 8);
	assert_int_equal(decode(arena, image, &index, &trouble), -EBADMSG);
	memcpy(image->bytes + 54, "00000006", 8);
	memcpy(image->bytes + 94, "00010000", 8); /* a name of 64 KiB */
	assert_int_equal(decode(arena, image, &index, &trouble), -EBADMSG);
}

static ssize_t fail_to_read(void *context, uint64_t offset, void *buffer, size_t size)
{
	return -EIO;
}

static void an_image_that_cannot_be_read(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_image source = { .size = 4096, .read = fail_to_read };
	struct via_initramfs index;
	const char *trouble;

	assert_int_equal(initramfs_decode(arena, &source, &index, &trouble), -EIO);
}

static void an_index_survives_as_text(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct image *image = arena_new_object(arena, struct image);
	struct via_initramfs index, again;
	const char *trouble, *text;

	put_archive(image);
	assert_int_equal(decode(arena, image, &index, &trouble), 0);
	text = initramfs_to_text(arena, &index);
	assert_int_equal(initramfs_from_text(arena, span_of_text(text), &again), 0);
	check(&again);
	assert_string_equal(initramfs_to_text(arena, &again), text);
	assert_int_equal(initramfs_from_text(arena, span_of_text("x"), &again), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_one_behind_the_other),
		cmocka_unit_test(every_way_of_packing),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(an_image_that_cannot_be_read),
		cmocka_unit_test(an_index_survives_as_text),
	};

	return cmocka_run_group_tests_name("initramfs", tests, NULL, NULL);
}
