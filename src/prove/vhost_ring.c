/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vhost_ring.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/vhost.h>

#include "base/cleanup.h"
#include "prove/clock.h"

int area_new(struct vhost_memory_area *ret, size_t size)
{
	uint8_t *host = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (host == MAP_FAILED)
		return -errno;
	*ret = (struct vhost_memory_area){
		.host = host, .size = size, .rings = (uintptr_t)host, .data = (uintptr_t)host
	};
	return 0;
}

void area_free(struct vhost_memory_area *area)
{
	if (area->host)
		munmap(area->host, area->size);
	area->host = NULL;
}

int area_share(const struct vhost_memory_area *area, int fd)
{
	_cleanup_free_ struct vhost_memory *memory =
		calloc(1, sizeof(*memory) + sizeof(memory->regions[0]));

	if (!memory)
		return -ENOMEM;
	memory->nregions = 1;
	memory->regions[0] = (struct vhost_memory_region){
		.guest_phys_addr = area->data,
		.memory_size = area->size,
		.userspace_addr = (uintptr_t)area->host,
	};
	return ioctl(fd, VHOST_SET_MEM_TABLE, memory) < 0 ? -errno : 0;
}

static int set(int fd, unsigned long request, const void *argument, const char *name,
	       const char **ret_call)
{
	if (ioctl(fd, request, argument) >= 0)
		return 0;
	*ret_call = name;
	return -errno;
}

#define SET(request, ...) set(fd, request, &(__VA_ARGS__), #request, ret_call)

int vhost_ring_start(struct vhost_ring *ret, int fd, unsigned int index,
		     const struct vhost_memory_area *area, uint64_t features, const char **ret_call)
{
	struct ring_place place =
		ring_place_from(area->rings + (uint64_t)index * VHOST_RING_ROOM, VHOST_RING_SIZE);
	struct vhost_ring ring = { .kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
				   .call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	int r;

	ring_driver_start(&ring.driver, area->host + (size_t)index * VHOST_RING_ROOM,
			  VHOST_RING_SIZE, features);
	r = SET(VHOST_SET_VRING_NUM, (struct vhost_vring_state){ index, VHOST_RING_SIZE });
	if (r == 0)
		r = SET(VHOST_SET_VRING_BASE, (struct vhost_vring_state){ index, 0 });
	if (r == 0)
		r = SET(VHOST_SET_VRING_ADDR,
			(struct vhost_vring_addr){ .index = index,
						   .desc_user_addr = place.descriptors,
						   .used_user_addr = place.used,
						   .avail_user_addr = place.available });
	if (r == 0)
		r = SET(VHOST_SET_VRING_KICK, (struct vhost_vring_file){ index, ring.kick });
	if (r == 0)
		r = SET(VHOST_SET_VRING_CALL, (struct vhost_vring_file){ index, ring.call });
	if (r < 0)
		vhost_ring_end(&ring);
	else
		*ret = ring;
	return r;
}

void vhost_ring_end(struct vhost_ring *ring)
{
	cleanup_close(&ring->kick);
	cleanup_close(&ring->call);
}

int vhost_ring_offer(struct vhost_ring *ring, const struct ring_buffer *buffers,
		     unsigned int readable, unsigned int writable)
{
	int r = ring_driver_add(&ring->driver, buffers, readable, writable);

	if (r < 0)
		return r;
	if (ring_driver_publish(&ring->driver) && eventfd_write(ring->kick, 1) < 0)
		return -errno;
	return 0;
}

int vhost_ring_await(struct vhost_ring *ring, int limit_ms)
{
	double deadline = clock_ms() + limit_ms;

	for (;;) {
		struct pollfd woken = { .fd = ring->call, .events = POLLIN };
		int left = (int)(deadline - clock_ms());
		uint32_t written;
		eventfd_t count;
		uint16_t head;
		int r = ring_driver_take(&ring->driver, &head, &written);

		if (r)
			return r < 0 ? r : (int)written;
		if (ring_driver_want_interrupts(&ring->driver, true))
			continue;
		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&woken, 1, left) > 0)
			(void)eventfd_read(ring->call, &count);
	}
}
