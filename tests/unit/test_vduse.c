/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device's side of a virtqueue and of a virtio disk, before a driver that obeys no rule. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/virtio_blk.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vduse/block.h"
#include "vduse/device.h"
#include "vduse/memory.h"

enum {
	MEMORY = 65536,
	SIZE = 8,
	DESCRIPTORS = 0,
	AVAILABLE = 0x1000,
	USED = 0x2000,
	HEADER = 0x3000,
	STATUS = 0x3100,
	TABLE = 0x3200,
	DATA = 0x4000,
	SECTORS = 16,
	NEXT = 1,
	WRITE = 2,
	INDIRECT = 4,
};

struct descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};

/* A driver, its memory and the disk it drives. */
struct driver {
	uint8_t memory[MEMORY];
	struct via_ring_memory map;
	struct via_ring ring;
	struct via_chain chain;
	struct via_block block;
	uint16_t available;
};

/* The memory in halves, so that what crosses the middle comes in two pieces. */
static int map(void *context, uint64_t address, uint64_t size, bool write, struct iovec *pieces,
	       size_t room)
{
	struct driver *driver = context;
	size_t count = 0;

	if (address >= MEMORY || size > MEMORY - address)
		return -EFAULT;
	while (size) {
		uint64_t part = address < MEMORY / 2 ? MEMORY / 2 - address : MEMORY - address;

		if (count == room)
			return -E2BIG;
		part = part < size ? part : size;
		pieces[count++] = (struct iovec){ driver->memory + address, part };
		address += part;
		size -= part;
	}
	return (int)count;
}

static struct descriptor *descriptor(struct driver *driver, size_t i)
{
	return (struct descriptor *)(void *)(driver->memory + DESCRIPTORS) + i;
}

static void put(struct driver *driver, size_t i, uint64_t address, uint32_t length,
		unsigned int flags, unsigned int next)
{
	*descriptor(driver, i) =
		(struct descriptor){ address, length, (uint16_t)flags, (uint16_t)next };
}

static void offer(struct driver *driver, uint16_t head)
{
	uint16_t *ring = (uint16_t *)(void *)(driver->memory + AVAILABLE);

	ring[2 + driver->available++ % SIZE] = head;
	ring[1] = driver->available;
}

static void set_header(struct driver *driver, uint32_t type, uint64_t sector)
{
	const struct virtio_blk_outhdr header = { .type = type, .sector = sector };

	memcpy(driver->memory + HEADER, &header, sizeof(header));
	driver->memory[STATUS] = 0xff;
}

/* A request as a well-behaved driver makes it. */
static void request(struct driver *driver, uint32_t type, uint64_t sector, uint32_t length)
{
	set_header(driver, type, sector);
	put(driver, 0, HEADER, sizeof(struct virtio_blk_outhdr), NEXT, length ? 1 : 2);
	put(driver, 1, DATA, length, NEXT | (type == VIRTIO_BLK_T_OUT ? 0 : WRITE), 2);
	put(driver, 2, STATUS, 1, WRITE, 0);
	offer(driver, 0);
}

/* Return: the status; -1 where the ring broke */
static int serve(struct driver *driver)
{
	int r = ring_next(&driver->ring, &driver->chain);
	int64_t written;

	if (r < 0)
		return -1;
	assert_int_equal(r, 1);
	written = block_do(&driver->block, &driver->chain);
	if (written < 0)
		return -1;
	assert_int_equal(ring_finish(&driver->ring, &driver->chain, (uint32_t)written), 0);
	return driver->memory[STATUS];
}

static int begin(void **state)
{
	struct driver *driver = calloc(1, sizeof(*driver));
	char path[] = "/tmp/viaduct-disk.XXXXXX";
	int fd = mkstemp(path);

	if (!driver || fd < 0 || ftruncate(fd, SECTORS * BLOCK_SECTOR + 100) < 0 ||
	    block_open(&driver->block, path, false, "a name of more than 20 bytes", NULL) < 0)
		return -1;
	close(fd);
	unlink(path);
	driver->map = (struct via_ring_memory){ map, driver };
	*state = driver;
	return ring_begin(&driver->ring, &driver->map, SIZE, DESCRIPTORS, AVAILABLE, USED, 0);
}

static int finish(void **state)
{
	struct driver *driver = *state;

	close(driver->block.fd);
	free(driver);
	return 0;
}

static void reads_what_was_written(void **state)
{
	struct driver *driver = *state;
	uint16_t *used = (uint16_t *)(void *)(driver->memory + USED);

	assert_int_equal(driver->block.sectors, SECTORS);
	for (int i = 0; i < 1024; i++)
		driver->memory[DATA + i] = (uint8_t)(i * 7);
	request(driver, VIRTIO_BLK_T_OUT, 3, 1024);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_OK);
	memset(driver->memory + DATA, 0, 1024);
	request(driver, VIRTIO_BLK_T_FLUSH, 0, 0);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_OK);
	request(driver, VIRTIO_BLK_T_IN, 4, 512);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_OK);
	for (int i = 0; i < 512; i++)
		assert_int_equal(driver->memory[DATA + i], (uint8_t)((i + 512) * 7));
	assert_int_equal(used[1], 3);
	assert_int_equal(*(uint32_t *)(void *)(driver->memory + USED + 4 + 2 * 8 + 4), 513);
	assert_int_equal(ring_next(&driver->ring, &driver->chain), 0);
}

static void tells_its_name(void **state)
{
	struct driver *driver = *state;

	request(driver, VIRTIO_BLK_T_GET_ID, 0, 20);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_OK);
	assert_memory_equal(driver->memory + DATA, "a name of more than ", 20);
	request(driver, VIRTIO_BLK_T_GET_ID, 0, 4);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_OK);
}

static void fails_what_is_out_of_bounds(void **state)
{
	struct driver *driver = *state;
	static const struct {
		uint32_t type;
		uint64_t sector;
		uint32_t length;
		int status;
	} rows[] = {
		{ VIRTIO_BLK_T_IN, SECTORS - 1, 512, VIRTIO_BLK_S_OK },
		{ VIRTIO_BLK_T_IN, SECTORS - 1, 1024, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_IN, SECTORS, 512, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_OUT, UINT64_MAX, 512, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_OUT, UINT64_MAX / 512, 512, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_IN, 0, 100, VIRTIO_BLK_S_IOERR },
		{ VIRTIO_BLK_T_DISCARD, 0, 512, VIRTIO_BLK_S_UNSUPP },
		{ 0x4711, 0, 512, VIRTIO_BLK_S_UNSUPP },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		request(driver, rows[i].type, rows[i].sector, rows[i].length);
		assert_int_equal(serve(driver), rows[i].status);
	}
	driver->block.read_only = true;
	request(driver, VIRTIO_BLK_T_OUT, 0, 512);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_IOERR);
	driver->block.failing = true;
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_IOERR);
}

/* Pieces of whatever size and number, across the middle of the memory. */
static void takes_any_framing(void **state)
{
	struct driver *driver = *state;

	set_header(driver, VIRTIO_BLK_T_IN, 0);
	put(driver, 0, HEADER, 5, NEXT, 1);
	put(driver, 1, HEADER + 5, 11, NEXT, 2);
	put(driver, 2, 0, 0, NEXT, 3);
	put(driver, 3, MEMORY / 2 - 100, 200, NEXT | WRITE, 4);
	put(driver, 4, DATA, 313, WRITE, 0);
	driver->memory[DATA + 312] = 0xff;
	offer(driver, 0);
	assert_int_equal(ring_next(&driver->ring, &driver->chain), 1);
	assert_int_equal(driver->chain.in_count, 3);
	assert_int_equal(block_do(&driver->block, &driver->chain), 513);
	assert_int_equal(driver->memory[DATA + 312], VIRTIO_BLK_S_OK);
}

static void circle(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	put(driver, 2, STATUS, 1, NEXT | WRITE, 1);
}

static void beyond_the_table(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	descriptor(driver, 1)->next = SIZE;
}

static void beyond_the_memory(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	descriptor(driver, 1)->address = MEMORY - 100;
}

static void wraps_around(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	descriptor(driver, 1)->address = UINT64_MAX - 10;
}

static void read_behind_write(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	put(driver, 2, STATUS, 1, 0, 0);
}

static void no_status(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_OUT, 0, 512);
	put(driver, 1, DATA, 512, 0, 0);
}

static void short_header(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	descriptor(driver, 0)->length = 15;
}

static void head_beyond(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	((uint16_t *)(void *)(driver->memory + AVAILABLE))[2] = SIZE;
}

static void too_many(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	((uint16_t *)(void *)(driver->memory + AVAILABLE))[1] = SIZE + 1;
}

static void indirect_unasked(struct driver *driver)
{
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	put(driver, 0, TABLE, 48, INDIRECT, 0);
}

static void indirect_in_indirect(struct driver *driver)
{
	const struct descriptor inner = { TABLE, 48, INDIRECT, 0 };

	driver->ring.indirect = true;
	indirect_unasked(driver);
	memcpy(driver->memory + TABLE, &inner, sizeof(inner));
}

static void indirect_size(struct driver *driver)
{
	driver->ring.indirect = true;
	indirect_unasked(driver);
	descriptor(driver, 0)->length = 47;
}

static void indirect_and_next(struct driver *driver)
{
	driver->ring.indirect = true;
	indirect_unasked(driver);
	descriptor(driver, 0)->flags = INDIRECT | NEXT;
}

static void breaks_what_may_not_be(void **state)
{
	static void (*const tricks[])(struct driver * driver) = {
		circle,
		beyond_the_table,
		beyond_the_memory,
		wraps_around,
		no_status,
		read_behind_write,
		short_header,
		head_beyond,
		too_many,
		indirect_unasked,
		indirect_size,
		indirect_and_next,
		indirect_in_indirect,
	};

	for (size_t i = 0; i < VIA_COUNT(tricks); i++) {
		struct driver *driver = *state;

		memset(driver->memory, 0, MEMORY);
		driver->available = 0;
		driver->ring.indirect = false;
		assert_int_equal(ring_begin(&driver->ring, &driver->map, SIZE, DESCRIPTORS,
					    AVAILABLE, USED, 0),
				 0);
		tricks[i](driver);
		if (serve(driver) != -1)
			fail_msg("trick %zu was not seen", i);
		if (driver->ring.broken) /* and it stays so */
			assert_int_equal(ring_next(&driver->ring, &driver->chain), -EBADMSG);
	}
}

static void goes_through_an_indirect_table(void **state)
{
	struct driver *driver = *state;

	driver->ring.indirect = true;
	request(driver, VIRTIO_BLK_T_IN, 0, 512);
	memcpy(driver->memory + TABLE, driver->memory + DESCRIPTORS, 48);
	put(driver, 0, TABLE, 48, INDIRECT, 0);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_OK);
}

static void goes_on_where_another_died(void **state)
{
	struct driver *driver = *state;

	for (int i = 0; i < 3; i++)
		request(driver, VIRTIO_BLK_T_IN, 0, 512);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_OK);
	/* taken, and not given back */
	assert_int_equal(ring_next(&driver->ring, &driver->chain), 1);
	assert_int_equal(
		ring_begin(&driver->ring, &driver->map, SIZE, DESCRIPTORS, AVAILABLE, USED, 0), 0);
	assert_int_equal(ring_resume(&driver->ring), 0);
	driver->block.failing = true;
	assert_int_equal(serve(driver), VIRTIO_BLK_S_IOERR);
	assert_int_equal(serve(driver), VIRTIO_BLK_S_IOERR);
	assert_int_equal(ring_next(&driver->ring, &driver->chain), 0);
}

static void rings_that_may_not_be(void **state)
{
	struct driver *driver = *state;
	struct via_ring *ring = &driver->ring;

	assert_int_equal(ring_begin(ring, &driver->map, 0, 0, 0, 0, 0), -EINVAL);
	assert_int_equal(ring_begin(ring, &driver->map, 6, 0, 0, 0, 0), -EINVAL);
	assert_int_equal(ring_begin(ring, &driver->map, 65536, 0, 0, 0, 0), -EINVAL);
	assert_int_equal(ring_begin(ring, &driver->map, 8, 8, 0, 0, 0), -EINVAL);
	assert_int_equal(ring_begin(ring, &driver->map, 8, 0, 1, 0, 0), -EINVAL);
	assert_int_equal(ring_begin(ring, &driver->map, 8, 0, 0, 2, 0), -EINVAL);
	assert_int_equal(ring_begin(ring, &driver->map, 8, 0, MEMORY, USED, 0), 0);
	assert_int_equal(ring_next(ring, &driver->chain), -EBADMSG);
}

static void takes_a_file_for_itself(void **state)
{
	char path[] = "/tmp/viaduct-disk.XXXXXX";
	struct via_block first, second;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(block_open(&first, path, false, "", NULL), -EINVAL); /* empty */
	assert_int_equal(ftruncate(fd, 4096), 0);
	assert_int_equal(block_open(&first, path, false, "", NULL), 0);
	assert_int_equal(block_open(&second, path, true, "", NULL), -EBUSY);
	close(first.fd);
	assert_int_equal(block_open(&first, path, true, "", NULL), 0);
	assert_int_equal(block_open(&second, path, true, "", NULL), 0);
	close(first.fd);
	close(second.fd);
	close(fd);
	unlink(path);
	assert_int_equal(block_open(&first, path, false, "", NULL), -ENOENT);
	assert_int_equal(block_open(&first, "/", false, "", NULL), -EINVAL);
	assert_false(vduse_name_valid("control"));
	assert_false(vduse_name_valid("a/b"));
	assert_true(vduse_name_valid("disk0"));
}

/* A driver's memory is a file of somebody else's, who may cut it short at any time. */
static void survives_memory_that_is_cut_away(void **state)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd = memfd_create("driver", MFD_CLOEXEC);
	volatile uint8_t *memory;

	assert_int_equal(ftruncate(fd, 2 * page), 0);
	memory = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	memory[page] = 1;
	vduse_memory_guard();
	assert_int_equal(ftruncate(fd, page), 0);
	assert_int_equal(memory[page], 0);
	memory[page] = 2;
	assert_int_equal(memory[page], 2);
	munmap((void *)memory, 2 * (size_t)page);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_what_was_written, begin, finish),
		cmocka_unit_test_setup_teardown(tells_its_name, begin, finish),
		cmocka_unit_test_setup_teardown(fails_what_is_out_of_bounds, begin, finish),
		cmocka_unit_test_setup_teardown(takes_any_framing, begin, finish),
		cmocka_unit_test_setup_teardown(breaks_what_may_not_be, begin, finish),
		cmocka_unit_test_setup_teardown(goes_through_an_indirect_table, begin, finish),
		cmocka_unit_test_setup_teardown(goes_on_where_another_died, begin, finish),
		cmocka_unit_test_setup_teardown(rings_that_may_not_be, begin, finish),
		cmocka_unit_test(takes_a_file_for_itself),
		cmocka_unit_test(survives_memory_that_is_cut_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
