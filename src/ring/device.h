/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sys/uio.h>

#include "ring/layout.h"
#include "ring/memory.h"

/*
 * The device's side of a ring: vhost-user and VDUSE. The driver may be hostile and change
 * its memory at any time; whatever it writes there, no access leaves what it has shared.
 */
struct ring_device {
	const struct ring_memory *buffers;
	uint16_t size;
	bool indirect, event_index;
	const struct ring_descriptor *descriptors;
	const struct ring_available *available;
	struct ring_used *used;
	uint16_t next_available, next_used;
	uint16_t told_used; /* next_used when the driver was last told */
	bool told;
};

enum { RING_CHAIN_PIECES = 1024 };

/**
 * struct ring_chain - one request: first what the device reads, then what it writes
 *
 * A descriptor that spans several regions is several pieces.
 */
struct ring_chain {
	uint16_t head;
	size_t readable, writable; /* pieces */
	uint32_t readable_bytes, writable_bytes;
	struct iovec pieces[RING_CHAIN_PIECES];
};

/**
 * ring_device_start - take up a ring where the driver has put it
 * @rings: the memory that @place speaks of
 * @buffers: the memory that descriptors speak of; often the same. Must outlive the ring
 * @features: as negotiated; only those of layout.h count
 * @next: the entry to begin with: 0, or where another device stopped
 *
 * Return: 0; -EINVAL no legal size, or not aligned; -EFAULT not all in shared memory
 */
int ring_device_start(struct ring_device *ret, const struct ring_memory *rings,
		      const struct ring_memory *buffers, const struct ring_place *place,
		      uint64_t features, uint16_t next);

/* ring_device_resume - go on where another device ended that gave requests back in their order:
 * what it had taken and not given back comes again */
void ring_device_resume(struct ring_device *device);

/**
 * ring_device_take - the next request
 *
 * Return: 1; 0 when there is none; -EPROTO the driver broke the rules: loops, indices that lead
 * out of the table, tables in tables, something to read behind something to write, more than
 * RING_CHAIN_PIECES; -EFAULT a buffer that is not shared. After these the ring is of no use
 * until it is started anew.
 */
int ring_device_take(struct ring_device *device, struct ring_chain *ret);

/* ring_device_give - a request is done: @written bytes, from the first writable piece on */
void ring_device_give(struct ring_device *device, uint16_t head, uint32_t written);

/* ring_device_must_interrupt - whether the driver wants to hear of what was given back */
bool ring_device_must_interrupt(struct ring_device *device);

/**
 * ring_device_want_kicks - whether to be kicked when something new is offered
 *
 * Return: whether something is there already, that no kick will come for
 */
bool ring_device_want_kicks(struct ring_device *device, bool wanted);

/* ring_chain_read, ring_chain_write - copy out of, or into, a request from @offset on; return
 * how many bytes there were, at most @size */
size_t ring_chain_read(const struct ring_chain *chain, size_t offset, void *data, size_t size);
size_t ring_chain_write(const struct ring_chain *chain, size_t offset, const void *data,
			size_t size);
