/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "vduse/ring.h"

enum { MEMORY_WINDOWS = 64 };

/* One stretch of a driver's addresses, mapped here. */
struct via_window {
	uint64_t first, last;
	uint8_t *base; /* of @first */
	void *mapping;
	size_t mapped;
	bool readable, writable;
};

/**
 * struct via_vduse_memory - what a VDUSE device may reach of its driver's memory: the kernel
 * hands out file descriptors for it, stretch by stretch. A cache: what is not in it is asked for.
 */
struct via_vduse_memory {
	int device;
	struct via_window windows[MEMORY_WINDOWS];
	size_t count;
};

/* vduse_memory_map - as struct via_ring_memory wants it; @context: struct via_vduse_memory */
int vduse_memory_map(void *context, uint64_t address, uint64_t size, bool write,
		     struct iovec *pieces, size_t room);

/* vduse_memory_forget - what was mapped of [first, last] is no more what it was */
void vduse_memory_forget(struct via_vduse_memory *memory, uint64_t first, uint64_t last);

/* vduse_memory_trim - make room for the windows of one more request; between two requests */
void vduse_memory_trim(struct via_vduse_memory *memory);

/**
 * vduse_memory_guard - survive memory that its owner cuts away while it is mapped here
 *
 * A page that is not there any more reads as zeroes from then on.
 * Effect: takes SIGBUS for the whole process
 */
void vduse_memory_guard(void);
