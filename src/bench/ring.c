/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/ring.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>

enum { WAIT_MS = 2000 };

static int add(struct bench_ring *ring, uint64_t number)
{
	uint64_t place = number % ring->driver->size;
	struct ring_buffer buffer = { ring->data + place * ring->buffer, ring->buffer };

	if (ring->chain)
		return ring_driver_add(ring->driver, ring->chain, ring->readable, ring->writable);
	return ring_driver_add(ring->driver, &buffer, 1, 0);
}

static int publish(struct bench_ring *ring)
{
	if (!ring_driver_publish(ring->driver))
		return 0;
	return eventfd_write(ring->kick, 1) < 0 ? -errno : 0;
}

/* Asleep until something has come back, unless it has already. */
static int await(struct bench_ring *ring)
{
	struct pollfd woken = { .fd = ring->call, .events = POLLIN };
	eventfd_t count;
	int ready;

	if (ring_driver_want_interrupts(ring->driver, true))
		return 0;
	do
		ready = poll(&woken, 1, WAIT_MS);
	while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		return ready ? -errno : -ETIMEDOUT;
	return eventfd_read(ring->call, &count) < 0 && errno != EAGAIN ? -errno : 0;
}

int ring_ask(void *context, uint64_t count)
{
	struct bench_ring *ring = context;

	for (uint64_t i = 0; i < count; i++) {
		uint32_t written;
		uint16_t head;
		int r = add(ring, 0);

		if (r >= 0)
			r = publish(ring);
		while (r == 0 && (r = ring_driver_take(ring->driver, &head, &written)) == 0)
			r = await(ring);
		if (r < 0)
			return r;
	}
	return 0;
}

int ring_stream(void *context, uint64_t count)
{
	struct bench_ring *ring = context;
	uint64_t added = 0, taken = 0;

	while (taken < count) {
		uint32_t written;
		uint16_t head;
		int r;

		while (added < count && add(ring, added) >= 0)
			added++;
		r = publish(ring);
		if (r == 0)
			r = await(ring);
		while (r == 0 && (r = ring_driver_take(ring->driver, &head, &written)) > 0) {
			taken++;
			r = 0;
		}
		if (r < 0)
			return r;
	}
	return 0;
}
