/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ring/layout.h"

enum { PAGE = 4096 };

static uint64_t align(uint64_t value, uint64_t to)
{
	return (value + to - 1) & ~(to - 1);
}

struct ring_place ring_place_from(uint64_t start, uint16_t size)
{
	uint64_t available = start + (uint64_t)size * sizeof(struct ring_descriptor);

	return (struct ring_place){
		.size = size,
		.descriptors = start,
		.available = available,
		.used = align(available + ring_available_bytes(size), PAGE),
	};
}

size_t ring_bytes(uint16_t size)
{
	return align(ring_place_from(0, size).used + ring_used_bytes(size), PAGE);
}
