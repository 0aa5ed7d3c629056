/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vduse/device.h"
#include "vduse/memory.h"

static void names_that_may_be(void **state)
{
	assert_false(vduse_name_valid("control"));
	assert_false(vduse_name_valid("a/b"));
	assert_false(vduse_name_valid(".hidden"));
	assert_true(vduse_name_valid("disk0"));
}

static struct via_vduse_memory memory;

/* A window as the kernel would have handed it out. */
static void add(uint64_t start, uint64_t size, unsigned int access)
{
	void *mapping =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(mapping, MAP_FAILED);
	memory.windows[memory.ring.count] = (struct ring_region){ start, size, mapping, access };
	memory.mappings[memory.ring.count++] = (struct via_vduse_mapping){ mapping, size };
}

static void what_is_taken_back_is_not_found(void **state)
{
	const unsigned int both = RING_READ | RING_WRITE;

	vduse_memory_begin(&memory, -1);
	for (uint64_t i = 0; i < 4; i++)
		add(i * 0x1000, 0x1000, i == 3 ? RING_READ : both);
	assert_non_null(ring_memory_at(&memory.ring, 0x1000, both, 0x1000));
	assert_non_null(ring_memory_at(&memory.ring, 0x3000, RING_READ, 0x1000));
	assert_null(ring_memory_at(&memory.ring, 0x3000, RING_WRITE, 1));
	vduse_memory_forget(&memory, 0x1fff, 0x2000);
	assert_int_equal(memory.ring.count, 2);
	assert_null(ring_memory_at(&memory.ring, 0x1000, RING_READ, 1));
	assert_null(ring_memory_at(&memory.ring, 0x2000, RING_READ, 1));
	assert_non_null(ring_memory_at(&memory.ring, 0, both, 0x1000));
	assert_non_null(ring_memory_at(&memory.ring, 0x3fff, RING_READ, 1));
	vduse_memory_forget(&memory, 0, UINT64_MAX);
	assert_int_equal(memory.ring.count, 0);
}

static void too_many_windows_are_let_go(void **state)
{
	vduse_memory_begin(&memory, -1);
	for (uint64_t i = 0; i < VDUSE_WINDOWS / 2; i++)
		add(i * 0x1000, 0x1000, RING_READ);
	assert_false(vduse_memory_trim(&memory));
	add(VDUSE_WINDOWS * 0x1000, 0x1000, RING_READ);
	assert_true(vduse_memory_trim(&memory));
	assert_int_equal(memory.ring.count, 0);
}

/* A driver's memory is a file of somebody else's, who may cut it short at any time. */
static void survives_memory_that_is_cut_away(void **state)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd = memfd_create("driver", MFD_CLOEXEC);
	volatile uint8_t *bytes;

	assert_int_equal(ftruncate(fd, 2 * page), 0);
	bytes = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(bytes, MAP_FAILED);
	bytes[page] = 1;
	vduse_memory_guard();
	assert_int_equal(ftruncate(fd, page), 0);
	assert_int_equal(bytes[page], 0);
	bytes[page] = 2;
	assert_int_equal(bytes[page], 2);
	munmap((void *)bytes, 2 * (size_t)page);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_may_be),
		cmocka_unit_test(what_is_taken_back_is_not_found),
		cmocka_unit_test(too_many_windows_are_let_go),
		cmocka_unit_test(survives_memory_that_is_cut_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
