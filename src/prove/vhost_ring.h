/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ring/driver.h"

/*
 * The driver's end of a ring that the kernel serves: vhost and vhost-vdpa, which are set up by
 * the same calls.
 */
struct vhost_ring {
	struct ring_driver driver;
	int kick, call;
};

/* Memory that a kernel device is given: rings first, then what they carry. */
struct vhost_memory_area {
	uint8_t *host;
	size_t size;
	uint64_t rings; /* its address as the ring's place is told */
	uint64_t data;	/* ... and as descriptors name it */
};

enum { VHOST_RING_SIZE = 16, VHOST_RING_ROOM = 0x4000 };

/* area_new - zeroed memory of our own, its addresses those of this process; 0 or negative errno */
int area_new(struct vhost_memory_area *ret, size_t size);
void area_free(struct vhost_memory_area *area);

/* area_share - tell vhost of it (VHOST_SET_MEM_TABLE); 0 or negative errno */
int area_share(const struct vhost_memory_area *area, int fd);

/**
 * vhost_ring_start - set up ring @index at VHOST_RING_ROOM * @index of @area
 * @ret: to be given back with vhost_ring_end()
 * @ret_call: the call that failed
 *
 * Return: 0 or the kernel's negative errno
 */
int vhost_ring_start(struct vhost_ring *ret, int fd, unsigned int index,
		     const struct vhost_memory_area *area, uint64_t features,
		     const char **ret_call);
void vhost_ring_end(struct vhost_ring *ring);

/* vhost_ring_offer - one chain, and a kick for it; 0 or negative errno */
int vhost_ring_offer(struct vhost_ring *ring, const struct ring_buffer *buffers,
		     unsigned int readable, unsigned int writable);

/* vhost_ring_await - a chain that comes back; how many bytes were written, or -ETIMEDOUT */
int vhost_ring_await(struct vhost_ring *ring, int limit_ms);
