/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/*
 * The device's side of a split virtqueue (virtio 1.2, 2.7), in memory that belongs to a
 * driver nobody has to trust: each word of it is read once, and checked before it is used. What a
 * driver may not do breaks the ring: it stands still until the driver resets the device.
 */

enum {
	RING_SEGMENTS = 1024, /* of one chain, each way; as many as readv(2) takes */
	RING_SIZE_MAX = 32768,
};

/**
 * struct via_ring_memory - how a driver's addresses are reached
 * @map: pieces of our memory that together are [address, address + size), for reading or for
 *       writing; returns their count, at most @room, or a negative errno
 */
struct via_ring_memory {
	int (*map)(void *context, uint64_t address, uint64_t size, bool write, struct iovec *pieces,
		   size_t room);
	void *context;
};

struct via_ring {
	const struct via_ring_memory *memory;
	uint16_t size, next; /* entries; the next one of the available ring */
	bool indirect;	     /* VIRTIO_F_RING_INDIRECT_DESC was agreed on */
	uint64_t descriptors, available, used;
	const char *broken; /* what the driver did, or NULL */
};

/* A request: what the driver wrote, and the room for the answer. */
struct via_chain {
	uint16_t head;
	struct iovec out[RING_SEGMENTS], in[RING_SEGMENTS];
	size_t out_count, in_count;
};

/**
 * ring_begin - take over a ring as the driver set it up
 * @next: the index to go on from; 0 after a reset
 * Return: 0; -EINVAL a size or an address that the driver may not choose
 */
int ring_begin(struct via_ring *ring, const struct via_ring_memory *memory, uint32_t size,
	       uint64_t descriptors, uint64_t available, uint64_t used, uint16_t next);

/* ring_resume - likewise, after whoever served it died: what was not finished comes again.
 * Only for a device that finishes requests in their order */
int ring_resume(struct via_ring *ring);

/* ring_next - the next request. Return: 1; 0 when there is none; -EBADMSG, @ring->broken */
int ring_next(struct via_ring *ring, struct via_chain *ret);

/* ring_finish - give a request back, with @written bytes in it. Return: 0; -EBADMSG */
int ring_finish(struct via_ring *ring, const struct via_chain *chain, uint32_t written);

/* ring_wants_interrupt - whether the driver wants to be told */
bool ring_wants_interrupt(const struct via_ring *ring);

/* chain_take - copy and use up the first @size bytes of @pieces. Return: 0; -EMSGSIZE */
int chain_take(struct iovec *pieces, size_t *count, void *to, size_t size);

/* chain_size - bytes in all */
size_t chain_size(const struct iovec *pieces, size_t count);
