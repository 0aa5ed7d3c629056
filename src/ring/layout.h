/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The split virtqueue: a table of descriptors, the ring in which the driver offers chains of
 * them, the ring in which the device gives them back. All little endian.
 *
 * Source: Virtual I/O Device (VIRTIO) Version 1.2, 2.7
 */
enum {
	RING_MAX_SIZE = 32768,
	RING_DESCRIPTOR_NEXT = 1,
	RING_DESCRIPTOR_WRITE = 2, /* for the device to write */
	RING_DESCRIPTOR_INDIRECT = 4,
	RING_NO_INTERRUPT = 1, /* available->flags */
	RING_NO_NOTIFY = 1,    /* used->flags */
};

/* Bits of the virtio features that change how a ring is used. */
enum {
	RING_F_INDIRECT = 28,
	RING_F_EVENT_IDX = 29,
	RING_F_VERSION_1 = 32,
	RING_F_ACCESS_PLATFORM = 33,
};

struct ring_descriptor {
	uint64_t address;
	uint32_t size;
	uint16_t flags, next;
};
_Static_assert(sizeof(struct ring_descriptor) == 16, "2.7.5");

/* Behind the ring's entries stands the used_event of RING_F_EVENT_IDX. */
struct ring_available {
	uint16_t flags, index;
	uint16_t ring[];
};

struct ring_used_entry {
	uint32_t head, written;
};

/* Behind the ring's entries stands the avail_event of RING_F_EVENT_IDX. */
struct ring_used {
	uint16_t flags, index;
	struct ring_used_entry ring[];
};

/* Where the three parts are, in the driver's addresses. */
struct ring_place {
	uint16_t size; /* entries, a power of two */
	uint64_t descriptors, available, used;
};

/* ring_size_is_legal - a power of two up to 32,768 */
static inline bool ring_size_is_legal(uint32_t size)
{
	return size && size <= RING_MAX_SIZE && !(size & (size - 1));
}

static inline size_t ring_available_bytes(uint16_t size)
{
	return sizeof(struct ring_available) + (size_t)size * sizeof(uint16_t) + sizeof(uint16_t);
}

static inline size_t ring_used_bytes(uint16_t size)
{
	return sizeof(struct ring_used) + (size_t)size * sizeof(struct ring_used_entry) +
	       sizeof(uint16_t);
}

/* ring_place_from - the three parts one after the other from @start, page aligned */
struct ring_place ring_place_from(uint64_t start, uint16_t size);

/* ring_bytes - what ring_place_from() takes, whole pages */
size_t ring_bytes(uint16_t size);

/* ring_need_event - whether an index on its way from @old to @now has passed @event */
static inline bool ring_need_event(uint16_t event, uint16_t now, uint16_t old)
{
	return (uint16_t)(now - event - 1) < (uint16_t)(now - old);
}

static inline bool ring_feature(uint64_t features, unsigned int bit)
{
	return features >> bit & 1;
}
