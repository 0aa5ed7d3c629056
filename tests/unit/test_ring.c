/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "ring/device.h"
#include "ring/driver.h"

enum {
	MEMORY = 0x10000,
	RING = 0x1000,	  /* where the ring is, in the driver's addresses */
	DATA = 0x8000,	  /* and the buffers */
	BASE = 0x40000000 /* of the driver's addresses */
};

static uint8_t memory_bytes[MEMORY] __attribute__((aligned(4096)));

static const struct ring_region all[] = {
	{ BASE, MEMORY, memory_bytes, RING_READ | RING_WRITE },
};
static const struct ring_memory shared = { .regions = all, .count = 1 };
static struct ring_chain chain;

struct pair {
	struct ring_driver driver;
	struct ring_device device;
};

static void connect_pair(struct pair *pair, uint16_t size, uint64_t features)
{
	struct ring_place place = ring_place_from(BASE + RING, size);

	memset(memory_bytes, 0, sizeof(memory_bytes));
	ring_driver_start(&pair->driver, memory_bytes + RING, size, features);
	assert_int_equal(ring_device_start(&pair->device, &shared, &shared, &place, features, 0),
			 0);
}

static struct ring_buffer data(uint32_t offset, uint32_t size)
{
	return (struct ring_buffer){ BASE + DATA + offset, size };
}

static void ask(struct pair *pair, uint32_t number)
{
	struct ring_buffer buffers[] = { data(0, 4), data(4, 4), data(8, 8) };

	memcpy(memory_bytes + DATA, &number, 4);
	assert_true(ring_driver_add(&pair->driver, buffers, 2, 1) >= 0);
	ring_driver_publish(&pair->driver);
}

static void answer(struct pair *pair, uint32_t number)
{
	uint32_t seen;

	assert_int_equal(ring_device_take(&pair->device, &chain), 1);
	assert_int_equal(chain.readable, 2);
	assert_int_equal(chain.readable_bytes, 8);
	assert_int_equal(chain.writable_bytes, 8);
	assert_int_equal(ring_chain_read(&chain, 0, &seen, 4), 4);
	assert_int_equal(seen, number);
	seen = ~seen;
	assert_int_equal(ring_chain_write(&chain, 2, &seen, 4), 4);
	ring_device_give(&pair->device, chain.head, 6);
}

static void requests_come_and_go(void **state)
{
	static const uint16_t sizes[] = { 4, 16, RING_DRIVER_MAX };
	struct pair pair;

	for (size_t i = 0; i < VIA_COUNT(sizes); i++) {
		connect_pair(&pair, sizes[i], 0);
		assert_int_equal(ring_device_take(&pair.device, &chain), 0);
		for (uint32_t n = 0; n < 70000; n++) { /* around the index's end */
			uint16_t head;
			uint32_t written, seen;

			ask(&pair, n);
			answer(&pair, n);
			assert_int_equal(ring_driver_take(&pair.driver, &head, &written), 1);
			assert_int_equal(written, 6);
			memcpy(&seen, memory_bytes + DATA + 10, 4);
			assert_int_equal(seen, ~n);
			assert_int_equal(ring_driver_take(&pair.driver, &head, &written), 0);
		}
	}
}

static void a_full_ring_says_so(void **state)
{
	struct ring_buffer one = data(0, 1);
	struct pair pair;
	uint16_t head;
	uint32_t written;

	connect_pair(&pair, 8, 0);
	for (int i = 0; i < 8; i++)
		assert_true(ring_driver_add(&pair.driver, &one, 1, 0) >= 0);
	assert_int_equal(ring_driver_add(&pair.driver, &one, 1, 0), -ENOSPC);
	assert_true(ring_driver_publish(&pair.driver));
	for (int i = 0; i < 8; i++) {
		assert_int_equal(ring_device_take(&pair.device, &chain), 1);
		ring_device_give(&pair.device, chain.head, 0);
	}
	assert_int_equal(ring_device_take(&pair.device, &chain), 0);
	assert_int_equal(ring_driver_take(&pair.driver, &head, &written), 1);
	assert_true(ring_driver_add(&pair.driver, &one, 1, 0) >= 0);
}

static void without_event_index_flags_speak(void **state)
{
	struct pair pair;

	connect_pair(&pair, 8, 0);
	ring_device_want_kicks(&pair.device, false);
	assert_int_equal(ring_driver_add(&pair.driver, &(struct ring_buffer){ BASE, 1 }, 1, 0), 0);
	assert_false(ring_driver_publish(&pair.driver));
	assert_true(ring_device_want_kicks(&pair.device, true));
	assert_true(ring_driver_publish(&pair.driver));
	assert_false(ring_driver_want_interrupts(&pair.driver, false));
	assert_false(ring_device_must_interrupt(&pair.device));
	ring_driver_want_interrupts(&pair.driver, true);
	assert_true(ring_device_must_interrupt(&pair.device));
}

static void with_event_index_indices_speak(void **state)
{
	struct pair pair;
	uint16_t head;
	uint32_t written;

	connect_pair(&pair, 8, 1ULL << RING_F_EVENT_IDX);
	assert_false(ring_device_want_kicks(&pair.device, true));
	ask(&pair, 1);
	assert_int_equal(ring_device_take(&pair.device, &chain), 1);
	ask(&pair, 2);
	/* it still waits for the first: nobody kicks for the second */
	assert_int_equal(ring_driver_add(&pair.driver, &(struct ring_buffer){ BASE, 1 }, 1, 0), 6);
	assert_false(ring_driver_publish(&pair.driver));
	assert_true(ring_device_want_kicks(&pair.device, true));
	ring_device_give(&pair.device, chain.head, 0);
	assert_true(ring_device_must_interrupt(&pair.device)); /* the first time */
	assert_int_equal(ring_driver_take(&pair.driver, &head, &written), 1);
	assert_int_equal(ring_device_take(&pair.device, &chain), 1);
	ring_device_give(&pair.device, chain.head, 0);
	assert_false(ring_device_must_interrupt(&pair.device)); /* the driver looks by itself */
	assert_true(ring_driver_want_interrupts(&pair.driver, true));
	assert_int_equal(ring_driver_take(&pair.driver, &head, &written), 1);
	assert_false(ring_driver_want_interrupts(&pair.driver, true));
	assert_int_equal(ring_device_take(&pair.device, &chain), 1);
	ring_device_give(&pair.device, chain.head, 0);
	assert_true(ring_device_must_interrupt(&pair.device));
}

/* ---- what a hostile driver may do ---- */

static struct ring_descriptor *table_of(struct pair *pair)
{
	return pair->driver.descriptors;
}

static int take_head(struct pair *pair, uint16_t head)
{
	pair->driver.available->ring[0] = head;
	pair->driver.available->index = 1;
	return ring_device_take(&pair->device, &chain);
}

static void broken_chains_are_refused(void **state)
{
	enum { N = RING_DESCRIPTOR_NEXT, W = RING_DESCRIPTOR_WRITE, I = RING_DESCRIPTOR_INDIRECT };
	static const struct {
		const char *what;
		int expected;
		struct ring_descriptor first, second;
	} cases[] = {
		{ "one", 1, { BASE, 1, 0, 0 } },
		{ "two", 1, { BASE, 1, N, 1 }, { BASE, 1, W, 0 } },
		{ "to itself", -EPROTO, { BASE, 1, N, 0 } },
		{ "in a circle", -EPROTO, { BASE, 1, N, 1 }, { BASE, 1, N, 0 } },
		{ "out of the table", -EPROTO, { BASE, 1, N, 8 } },
		{ "far out of it", -EPROTO, { BASE, 1, N, 0xffff } },
		{ "written before read", -EPROTO, { BASE, 1, N | W, 1 }, { BASE, 1, 0, 0 } },
		{ "empty", -EPROTO, { BASE, 0, 0, 0 } },
		{ "below", -EFAULT, { BASE - 1, 1, 0, 0 } },
		{ "behind", -EFAULT, { BASE + MEMORY, 1, 0, 0 } },
		{ "over the end", -EFAULT, { BASE + MEMORY - 1, 2, 0, 0 } },
		{ "at the end", 1, { BASE + MEMORY - 1, 1, 0, 0 } },
		{ "around", -EFAULT, { UINT64_MAX, 2, 0, 0 } },
		{ "huge", -EFAULT, { BASE, UINT32_MAX, 0, 0 } },
		{ "indirect, not agreed on", -EPROTO, { BASE, 16, I, 0 } },
	};

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		struct pair pair;
		int r;

		connect_pair(&pair, 8, 0);
		table_of(&pair)[0] = cases[i].first;
		table_of(&pair)[1] = cases[i].second;
		r = take_head(&pair, 0);
		if (r != cases[i].expected)
			print_message("# %s: %d\n", cases[i].what, r);
		assert_int_equal(r, cases[i].expected);
	}
}

static void broken_rings_are_refused(void **state)
{
	struct pair pair;

	connect_pair(&pair, 8, 0);
	assert_int_equal(take_head(&pair, 8), -EPROTO);
	pair.driver.available->index = 9;
	assert_int_equal(ring_device_take(&pair.device, &chain), -EPROTO);
	pair.driver.available->index = 0xffff;
	assert_int_equal(ring_device_take(&pair.device, &chain), -EPROTO);
}

static void indirect_tables_are_followed_once(void **state)
{
	struct ring_descriptor *inner = (struct ring_descriptor *)(memory_bytes + DATA);
	uint16_t indirect = RING_DESCRIPTOR_INDIRECT;
	struct pair pair;

	connect_pair(&pair, 8, 1ULL << RING_F_INDIRECT);
	table_of(&pair)[0] = (struct ring_descriptor){ BASE + DATA, 32, indirect, 0 };
	inner[0] = (struct ring_descriptor){ BASE, 3, RING_DESCRIPTOR_NEXT, 1 };
	inner[1] = (struct ring_descriptor){ BASE, 5, RING_DESCRIPTOR_WRITE, 0 };
	assert_int_equal(take_head(&pair, 0), 1);
	assert_int_equal(chain.readable_bytes, 3);
	assert_int_equal(chain.writable_bytes, 5);
	for (int i = 0; i < 5; i++) {
		struct ring_descriptor outer = table_of(&pair)[0];

		pair.device.next_available = 0;
		outer.size = i == 0 ? 31 : i == 1 ? 0 : 32;
		outer.flags |= i == 2 ? RING_DESCRIPTOR_NEXT : 0;
		if (i == 3)
			outer.address = BASE + DATA + 1;
		inner[1].flags = i == 4 ? indirect : RING_DESCRIPTOR_WRITE;
		table_of(&pair)[1] = outer;
		assert_int_equal(take_head(&pair, 1), -EPROTO);
	}
	inner[1] = (struct ring_descriptor){ BASE, 5, RING_DESCRIPTOR_NEXT, 0 };
	assert_int_equal(take_head(&pair, 0), -EPROTO); /* in a circle inside */
	table_of(&pair)[0].address = BASE + MEMORY - 16;
	assert_int_equal(take_head(&pair, 0), -EFAULT);
}

/* Two regions side by side in the driver's addresses, apart in ours; the second is read only. */
static void a_buffer_may_span_regions(void **state)
{
	static uint8_t first[4096] __attribute__((aligned(4096)));
	struct ring_region regions[] = {
		{ BASE, MEMORY, memory_bytes, RING_READ | RING_WRITE },
		{ BASE + MEMORY, sizeof(first), first, RING_READ },
	};
	struct ring_memory memory = { .regions = regions, .count = 2 };
	struct pair pair;

	connect_pair(&pair, 8, 0);
	pair.device.buffers = &memory;
	table_of(&pair)[0] = (struct ring_descriptor){ BASE + MEMORY - 4, 8, 0, 0 };
	assert_int_equal(take_head(&pair, 0), 1);
	assert_int_equal(chain.readable, 2);
	assert_ptr_equal(chain.pieces[1].iov_base, first);
	assert_int_equal(chain.pieces[1].iov_len, 4);
	pair.device.next_available = 0;
	table_of(&pair)[0].flags = RING_DESCRIPTOR_WRITE;
	assert_int_equal(take_head(&pair, 0), -EFAULT);
}

struct lazy {
	struct ring_region region;
	struct ring_memory memory;
	unsigned int asked;
};

static int fetch(void *context, uint64_t address, unsigned int access)
{
	struct lazy *lazy = context;

	lazy->asked++;
	if (address < BASE)
		return -ENOENT;
	lazy->region = all[0];
	lazy->memory.count = 1;
	return 0;
}

static void memory_may_be_fetched_when_needed(void **state)
{
	struct ring_place place = ring_place_from(BASE + RING, 8);
	struct lazy lazy = { 0 };
	struct ring_device device;

	lazy.memory = (struct ring_memory){ &lazy.region, 0, fetch, &lazy };
	assert_int_equal(ring_device_start(&device, &lazy.memory, &lazy.memory, &place, 0, 0), 0);
	assert_int_equal(lazy.asked, 1);
	place.descriptors = 0x1000;
	assert_int_equal(ring_device_start(&device, &lazy.memory, &lazy.memory, &place, 0, 0),
			 -EFAULT);
}

static void a_ring_must_be_where_it_may(void **state)
{
	static const struct {
		uint16_t size;
		int descriptors, available, used; /* moved by */
		int expected;
	} cases[] = {
		{ 8, 0, 0, 0, 0 },
		{ 0, 0, 0, 0, -EINVAL },
		{ 12, 0, 0, 0, -EINVAL },
		{ 32768, 0, 0, 0, -EFAULT },
		{ 8, 8, 0, 0, -EINVAL },
		{ 8, 0, 1, 0, -EINVAL },
		{ 8, 0, 0, 2, -EINVAL },
		{ 8, MEMORY, 0, 0, -EFAULT },
		{ 8, 0, MEMORY, 0, -EFAULT },
		{ 8, 0, 0, MEMORY, -EFAULT },
		{ 8, 0, 0, MEMORY - RING - 4096 - 64, -EFAULT },
		{ 8, 0, 0, MEMORY - RING - 4096 - 72, 0 },
	};
	struct ring_device device;

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		struct ring_place place = ring_place_from(BASE + RING, 8);

		place.size = cases[i].size;
		place.descriptors += (uint64_t)cases[i].descriptors;
		place.available += (uint64_t)cases[i].available;
		place.used += (uint64_t)cases[i].used;
		assert_int_equal(ring_device_start(&device, &shared, &shared, &place, 0, 0),
				 cases[i].expected);
	}
}

static void a_device_cannot_lead_the_driver_astray(void **state)
{
	struct ring_used *used;
	struct pair pair;
	uint16_t head;
	uint32_t written;

	connect_pair(&pair, 8, 0);
	ask(&pair, 1);
	used = pair.device.used;
	used->ring[0].head = 8;
	used->index = 1;
	assert_int_equal(ring_driver_take(&pair.driver, &head, &written), -EPROTO);
	used->ring[0].head = 1; /* inside a chain */
	assert_int_equal(ring_driver_take(&pair.driver, &head, &written), -EPROTO);
	used->ring[0].head = 0;
	used->ring[1].head = 0;
	used->index = 2;
	assert_int_equal(ring_driver_take(&pair.driver, &head, &written), 1);
	assert_int_equal(ring_driver_take(&pair.driver, &head, &written), -EPROTO);
}

/* What had been taken, and not given back, comes again. */
static void another_device_goes_on(void **state)
{
	struct pair pair;
	struct ring_place place = ring_place_from(BASE + RING, 8);
	uint16_t heads[3];

	connect_pair(&pair, 8, 0);
	for (int i = 0; i < 3; i++)
		heads[i] = (uint16_t)ring_driver_add(&pair.driver, &(struct ring_buffer){ BASE, 1 },
						     1, 0);
	ring_driver_publish(&pair.driver);
	assert_int_equal(ring_device_take(&pair.device, &chain), 1);
	ring_device_give(&pair.device, chain.head, 0);
	assert_int_equal(ring_device_take(&pair.device, &chain), 1);
	assert_int_equal(chain.head, heads[1]);
	assert_int_equal(ring_device_start(&pair.device, &shared, &shared, &place, 0, 0), 0);
	ring_device_resume(&pair.device);
	for (int i = 1; i < 3; i++) {
		assert_int_equal(ring_device_take(&pair.device, &chain), 1);
		assert_int_equal(chain.head, heads[i]);
		ring_device_give(&pair.device, chain.head, 0);
	}
	assert_int_equal(ring_device_take(&pair.device, &chain), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_come_and_go),
		cmocka_unit_test(a_full_ring_says_so),
		cmocka_unit_test(without_event_index_flags_speak),
		cmocka_unit_test(with_event_index_indices_speak),
		cmocka_unit_test(broken_chains_are_refused),
		cmocka_unit_test(broken_rings_are_refused),
		cmocka_unit_test(indirect_tables_are_followed_once),
		cmocka_unit_test(a_buffer_may_span_regions),
		cmocka_unit_test(memory_may_be_fetched_when_needed),
		cmocka_unit_test(a_ring_must_be_where_it_may),
		cmocka_unit_test(a_device_cannot_lead_the_driver_astray),
		cmocka_unit_test(another_device_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
