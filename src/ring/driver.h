/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ring/layout.h"

enum { RING_DRIVER_MAX = 256 };

/* A buffer as a descriptor names it. */
struct ring_buffer {
	uint64_t address;
	uint32_t size;
};

/*
 * The driver's side of a ring, with which a device of the kernel's (vhost, vDPA) or another
 * process's (vhost-user) is used. What it needs to know itself it does not keep in shared
 * memory.
 */
struct ring_driver {
	uint16_t size;
	bool event_index;
	struct ring_descriptor *descriptors;
	struct ring_available *available;
	const struct ring_used *used;
	uint16_t free_head, free_count;
	uint16_t next_available, published, next_used;
	uint16_t next[RING_DRIVER_MAX];
	uint16_t length[RING_DRIVER_MAX]; /* of the chain that begins there, 0: none does */
};

/**
 * ring_driver_start - lay out an empty ring
 * @memory: ring_bytes(@size) of them, aligned to 16; becomes zero
 * @size: a power of two, at most RING_DRIVER_MAX
 */
void ring_driver_start(struct ring_driver *ret, void *memory, uint16_t size, uint64_t features);

/**
 * ring_driver_add - put a chain into the table; the device sees it once it is published
 * @buffers: first @readable ones that the device reads, then @writable ones that it writes
 *
 * Return: the chain's head; -ENOSPC when there is no room
 */
int ring_driver_add(struct ring_driver *driver, const struct ring_buffer *buffers,
		    unsigned int readable, unsigned int writable);

/* ring_driver_publish - show what was added; returns whether the device wants a kick for it */
bool ring_driver_publish(struct ring_driver *driver);

/**
 * ring_driver_take - a chain that the device has given back
 *
 * Return: 1; 0 when there is none; -EPROTO it is none that the device has
 */
int ring_driver_take(struct ring_driver *driver, uint16_t *ret_head, uint32_t *ret_written);

/**
 * ring_driver_want_interrupts - whether to be woken when something is given back
 *
 * Return: whether something is there already, that no interrupt will come for
 */
bool ring_driver_want_interrupts(struct ring_driver *driver, bool wanted);
