/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "ring/memory.h"

enum { VDUSE_WINDOWS = 64 };

/* What munmap(2) wants to know of a region. */
struct via_vduse_mapping {
	void *start;
	size_t size;
};

/**
 * struct via_vduse_memory - what a VDUSE device may reach of its driver's memory: the kernel
 * hands out file descriptors for it, stretch by stretch. A cache: what is not in it is asked for.
 *
 * @ring: as the rings want it; must not move
 */
struct via_vduse_memory {
	int device;
	struct ring_memory ring;
	struct ring_region windows[VDUSE_WINDOWS];
	struct via_vduse_mapping mappings[VDUSE_WINDOWS];
};

/* vduse_memory_begin - nothing is mapped yet; @device: from vduse_open() */
void vduse_memory_begin(struct via_vduse_memory *memory, int device);

/**
 * vduse_memory_forget - what was mapped of [first, last] is no more what it was
 *
 * Pieces of it must not be in use: not in the middle of a request, and a ring is to be started
 * anew.
 */
void vduse_memory_forget(struct via_vduse_memory *memory, uint64_t first, uint64_t last);

/* vduse_memory_trim - make room for the windows of one more request; likewise. Return: whether
 * anything was forgotten */
bool vduse_memory_trim(struct via_vduse_memory *memory);

/**
 * vduse_memory_guard - survive memory that its owner cuts away while it is mapped here
 *
 * A page that is not there any more reads as zeroes from then on.
 * Effect: takes SIGBUS for the whole process
 */
void vduse_memory_guard(void);
