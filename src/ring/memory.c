/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ring/memory.h"

static const struct ring_region *region_of(const struct ring_memory *memory, uint64_t address,
					   unsigned int access)
{
	for (size_t i = 0; i < memory->count; i++) {
		const struct ring_region *region = &memory->regions[i];

		if (address >= region->start && address - region->start < region->size &&
		    (region->access & access) == access)
			return region;
	}
	return NULL;
}

uint8_t *ring_memory_find(const struct ring_memory *memory, uint64_t address, unsigned int access,
			  size_t *size)
{
	const struct ring_region *region = region_of(memory, address, access);
	uint64_t left;

	if (!region && memory->fetch && memory->fetch(memory->context, address, access) == 0)
		region = region_of(memory, address, access);
	if (!region || !*size)
		return NULL;
	left = region->size - (address - region->start);
	if (*size > left)
		*size = left;
	return region->host + (address - region->start);
}

void *ring_memory_at(const struct ring_memory *memory, uint64_t address, unsigned int access,
		     size_t size)
{
	size_t found = size;
	uint8_t *at = ring_memory_find(memory, address, access, &found);

	return found == size ? at : NULL;
}
