/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What a device may do to a piece of memory. */
enum { RING_READ = 1, RING_WRITE = 2 };

/* A piece of the driver's memory, as the device's own process sees it. */
struct ring_region {
	uint64_t start, size; /* in the driver's addresses */
	uint8_t *host;
	unsigned int access;
};

/**
 * struct ring_memory - the driver's memory, as far as it was shared with the device
 * @fetch: asked once for an address that no region holds: 0 when @regions now has it. NULL
 *         where all is told beforehand
 * @context: for @fetch; whoever owns the memory changes it there
 */
struct ring_memory {
	const struct ring_region *regions;
	size_t count;
	int (*fetch)(void *context, uint64_t address, unsigned int access);
	void *context;
};

/**
 * ring_memory_find - the bytes that begin at an address
 * @access: all of this must be allowed
 * @size: how many are wanted; on success how many lie side by side, at least one
 *
 * Return: NULL when not even the first is there, or not with that access
 */
uint8_t *ring_memory_find(const struct ring_memory *memory, uint64_t address, unsigned int access,
			  size_t *size);

/* ring_memory_at - a whole structure; NULL unless all of it lies in one region */
void *ring_memory_at(const struct ring_memory *memory, uint64_t address, unsigned int access,
		     size_t size);
