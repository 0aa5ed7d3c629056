/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <linux/virtio_blk.h>

#include "ring/driver.h"
#include "serve/disk.h"

enum { SECTORS = 8, RING_SIZE = 16, MEMORY = 0x10000, HEADER = 0x8000, DATA = 0x9000 };

static uint8_t memory_bytes[MEMORY] __attribute__((aligned(4096)));
static const struct ring_region all[] = { { 0, MEMORY, memory_bytes, RING_READ | RING_WRITE } };
static const struct ring_memory shared = { .regions = all, .count = 1 };

/* A disk whose sectors hold their numbers, and a ring in front of it. */
struct bench {
	char path[32];
	struct disk block;
	struct ring_driver driver;
	struct ring_device device;
};

static void set_up(struct bench *bench, bool read_only)
{
	struct ring_place place = ring_place_from(0, RING_SIZE);
	uint8_t disk[SECTORS * DISK_SECTOR + 100];
	int fd;

	snprintf(bench->path, sizeof(bench->path), "/tmp/viaduct-disk.XXXXXX");
	fd = mkstemp(bench->path);
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof(disk); i++)
		disk[i] = (uint8_t)('0' + i / DISK_SECTOR);
	assert_int_equal(write(fd, disk, sizeof(disk)), sizeof(disk));
	close(fd);
	assert_int_equal(disk_open(&bench->block, bench->path, read_only, "viaduct", NULL), 0);
	ring_driver_start(&bench->driver, memory_bytes, RING_SIZE, 0);
	assert_int_equal(ring_device_start(&bench->device, &shared, &shared, &place, 0, 0), 0);
}

static void take_down(struct bench *bench)
{
	disk_close(&bench->block);
	unlink(bench->path);
}

/* request - @first bytes of data in one buffer, @second in another; returns the status */
static int request(struct bench *bench, uint32_t type, uint64_t sector, uint32_t first,
		   uint32_t second)
{
	static struct ring_chain chain;
	struct virtio_blk_outhdr header = { .type = htole32(type), .sector = htole64(sector) };
	struct ring_buffer buffers[4] = { { HEADER, sizeof(header) } };
	unsigned int count = 1, readable;
	uint16_t head;
	uint32_t written;

	memcpy(memory_bytes + HEADER, &header, sizeof(header));
	if (first)
		buffers[count++] = (struct ring_buffer){ DATA, first };
	if (second)
		buffers[count++] = (struct ring_buffer){ DATA + first, second };
	readable = type == VIRTIO_BLK_T_OUT ? count : 1;
	buffers[count++] = (struct ring_buffer){ HEADER + 64, 1 };
	memory_bytes[HEADER + 64] = 0xff;
	ring_driver_add(&bench->driver, buffers, readable, count - readable);
	ring_driver_publish(&bench->driver);
	assert_int_equal(ring_device_take(&bench->device, &chain), 1);
	ring_device_give(&bench->device, chain.head, disk_serve(&bench->block, &chain));
	assert_int_equal(ring_driver_take(&bench->driver, &head, &written), 1);
	return memory_bytes[HEADER + 64];
}

static void what_is_written_is_read(void **state)
{
	struct bench bench;

	set_up(&bench, false);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_IN, 7, 500, 12), VIRTIO_BLK_S_OK);
	assert_int_equal(memory_bytes[DATA], '7');
	assert_int_equal(memory_bytes[DATA + 511], '7');
	memset(memory_bytes + DATA, 'x', 1024);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_OUT, 2, 1, 1023), VIRTIO_BLK_S_OK);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_FLUSH, 0, 0, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_IN, 1, 2048, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(memory_bytes[DATA + 511], '1');
	assert_int_equal(memory_bytes[DATA + 512], 'x');
	assert_int_equal(memory_bytes[DATA + 1535], 'x');
	assert_int_equal(memory_bytes[DATA + 1536], '4');
	take_down(&bench);
}

static void what_makes_no_sense_does_nothing(void **state)
{
	static const struct {
		uint32_t type;
		uint64_t sector;
		uint32_t bytes;
		int expected;
	} cases[] = {
		{ VIRTIO_BLK_T_IN, SECTORS - 1, 512, VIRTIO_BLK_S_OK },
		{ VIRTIO_BLK_T_IN, SECTORS, 512, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_IN, SECTORS - 1, 1024, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_IN, UINT64_MAX, 512, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_IN, 0, 511, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_OUT, SECTORS, 512, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_OUT, UINT64_MAX / DISK_SECTOR, 512, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_OUT, 0, 100, VIRTIO_BLK_S_IOERR },
		{ 0x7777, 0, 512, VIRTIO_BLK_S_UNSUPP },
	};
	struct bench bench;

	set_up(&bench, false);
	for (size_t i = 0; i < VIA_COUNT(cases); i++)
		assert_int_equal(request(&bench, cases[i].type, cases[i].sector, cases[i].bytes, 0),
				 cases[i].expected);
	take_down(&bench);
}

static void a_disk_that_is_only_read(void **state)
{
	struct bench bench;

	set_up(&bench, true);
	assert_true(disk_features(&bench.block) >> VIRTIO_BLK_F_RO & 1);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_OUT, 0, 512, 0), VIRTIO_BLK_S_IOERR);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_GET_ID, 0, 20, 0), VIRTIO_BLK_S_OK);
	assert_string_equal((char *)memory_bytes + DATA, "viaduct");
	take_down(&bench);
}

static void a_file_that_became_shorter_is_an_error(void **state)
{
	struct bench bench;

	set_up(&bench, false);
	assert_int_equal(truncate(bench.path, 700), 0);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_IN, 1, 512, 0), VIRTIO_BLK_S_IOERR);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_IN, 0, 512, 0), VIRTIO_BLK_S_OK);
	take_down(&bench);
}

static void chains_without_room_for_a_status(void **state)
{
	static struct ring_chain chain;
	struct ring_buffer header = { HEADER, 16 }, status = { HEADER + 64, 1 };
	struct bench bench;

	set_up(&bench, false);
	ring_driver_add(&bench.driver, &header, 1, 0);
	ring_driver_add(&bench.driver, &status, 0, 1);
	ring_driver_publish(&bench.driver);
	assert_int_equal(ring_device_take(&bench.device, &chain), 1);
	assert_int_equal(disk_serve(&bench.block, &chain), 0);
	assert_int_equal(ring_device_take(&bench.device, &chain), 1);
	assert_int_equal(disk_serve(&bench.block, &chain), 1);
	assert_int_equal(memory_bytes[HEADER + 64], VIRTIO_BLK_S_IOERR);
	take_down(&bench);
}

static void a_file_is_served_by_one(void **state)
{
	struct disk other = { .fd = -1 }, reader = { .fd = -1 };
	struct bench bench;

	set_up(&bench, false);
	assert_int_equal(disk_open(&other, bench.path, true, "", NULL), -EBUSY);
	disk_close(&bench.block);
	assert_int_equal(disk_open(&other, bench.path, true, "", NULL), 0);
	assert_int_equal(disk_open(&reader, bench.path, true, "", NULL), 0);
	assert_int_equal(truncate(bench.path, 511), 0);
	disk_close(&other);
	disk_close(&reader);
	assert_int_equal(disk_open(&bench.block, bench.path, true, "", NULL), -EINVAL);
	unlink(bench.path);
}

static void a_name_is_cut(void **state)
{
	struct bench bench;

	set_up(&bench, false);
	disk_close(&bench.block);
	assert_int_equal(
		disk_open(&bench.block, bench.path, false, "a name of more than 20 bytes", NULL),
		0);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_GET_ID, 0, 20, 0), VIRTIO_BLK_S_OK);
	assert_memory_equal(memory_bytes + DATA, "a name of more than ", 20);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_GET_ID, 0, 4, 0), VIRTIO_BLK_S_OK);
	take_down(&bench);
}

static void a_failing_disk_answers_and_does_nothing(void **state)
{
	struct bench bench;

	set_up(&bench, false);
	bench.block.failing = true;
	memset(memory_bytes + DATA, 'x', 512);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_OUT, 0, 512, 0), VIRTIO_BLK_S_IOERR);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_FLUSH, 0, 0, 0), VIRTIO_BLK_S_IOERR);
	bench.block.failing = false;
	assert_int_equal(request(&bench, VIRTIO_BLK_T_IN, 0, 512, 0), VIRTIO_BLK_S_OK);
	assert_int_equal(memory_bytes[DATA], '0');
	take_down(&bench);
}

/* /dev/null can be written to, and not be synced. */
static void who_cannot_flush_gets_each_write_on_disk(void **state)
{
	struct bench bench;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	set_up(&bench, false);
	assert_true(dup2(null, bench.block.fd) >= 0);
	disk_agree(&bench.block, 1ULL << VIRTIO_BLK_F_FLUSH);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_OUT, 0, 512, 0), VIRTIO_BLK_S_OK);
	disk_agree(&bench.block, 0);
	assert_int_equal(request(&bench, VIRTIO_BLK_T_OUT, 0, 512, 0), VIRTIO_BLK_S_IOERR);
	close(null);
	take_down(&bench);
}

static void what_is_no_disk_is_refused(void **state)
{
	struct disk block = { .fd = 77 };
	struct via_error error;

	assert_int_equal(disk_open(&block, "/nowhere", true, "", &error), -ENOENT);
	assert_int_equal(disk_open(&block, "/", true, "", &error), -EINVAL);
	assert_int_equal(disk_open(&block, "/dev/null", true, "", &error), -EINVAL);
	assert_int_equal(block.fd, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(what_makes_no_sense_does_nothing),
		cmocka_unit_test(a_disk_that_is_only_read),
		cmocka_unit_test(a_file_that_became_shorter_is_an_error),
		cmocka_unit_test(chains_without_room_for_a_status),
		cmocka_unit_test(a_file_is_served_by_one),
		cmocka_unit_test(a_name_is_cut),
		cmocka_unit_test(a_failing_disk_answers_and_does_nothing),
		cmocka_unit_test(who_cannot_flush_gets_each_write_on_disk),
		cmocka_unit_test(what_is_no_disk_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
