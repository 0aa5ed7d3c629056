/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device's side of a ring whose driver is hostile: the input is the memory that it shares,
 * behind four bytes that say how. Whatever stands there, nothing outside of it is touched.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "ring/device.h"

enum { MEMORY = 0x1000, BASE = 0x1000, HEAD = 4 };

/* A page of its own, so that the sanitizer sees who leaves it; half of it may not be written. */
static uint8_t *shared_memory(const uint8_t *data, size_t size)
{
	uint8_t *memory = aligned_alloc(4096, MEMORY);

	if (!memory)
		abort();
	memset(memory, 0, MEMORY);
	memcpy(memory, data, size < MEMORY ? size : MEMORY);
	return memory;
}

static void must_be_inside(const struct ring_chain *chain, const uint8_t *memory)
{
	size_t bytes[2] = { 0 };

	for (size_t i = 0; i < chain->readable + chain->writable; i++) {
		const uint8_t *at = chain->pieces[i].iov_base;
		bool write = i >= chain->readable;

		if (at < memory + (write ? MEMORY / 2 : 0) || at >= memory + MEMORY ||
		    chain->pieces[i].iov_len > (size_t)(memory + MEMORY - at))
			abort();
		bytes[write] += chain->pieces[i].iov_len;
	}
	if (bytes[0] != chain->readable_bytes || bytes[1] != chain->writable_bytes)
		abort();
}

static void serve(struct ring_device *device, uint8_t *memory)
{
	static struct ring_chain chain;
	uint8_t byte = 0;

	for (int i = 0; i < 64 && ring_device_take(device, &chain) > 0; i++) {
		must_be_inside(&chain, memory);
		ring_chain_read(&chain, 3, &byte, 1);
		ring_chain_write(&chain, i, &byte, 1);
		ring_device_give(device, chain.head, chain.writable_bytes);
		ring_device_must_interrupt(device);
		ring_device_want_kicks(device, i & 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ring_region regions[2];
	struct ring_memory all = { .regions = regions, .count = 2 };
	struct ring_place place;
	struct ring_device device;
	uint64_t features;
	uint8_t *memory;

	if (size < HEAD)
		return 0;
	memory = shared_memory(data + HEAD, size - HEAD);
	regions[0] = (struct ring_region){ BASE, MEMORY / 2, memory, RING_READ };
	regions[1] = (struct ring_region){ BASE + MEMORY / 2, MEMORY / 2, memory + MEMORY / 2,
					   RING_READ | RING_WRITE };
	features = (uint64_t)(data[0] & 3) << RING_F_INDIRECT;
	place = ring_place_from(BASE, (uint16_t)(1U << (data[1] & 15)));
	place.used = BASE + MEMORY / 2 + data[2] * 4U;
	if (ring_device_start(&device, &all, &all, &place, features, data[3]) == 0)
		serve(&device, memory);
	free(memory);
	return 0;
}
