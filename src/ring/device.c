/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ring/device.h"

#include <endian.h>
#include <errno.h>

#include "ring/shared.h"
#include "ring/walk.h"

int ring_device_start(struct ring_device *ret, const struct ring_memory *rings,
		      const struct ring_memory *buffers, const struct ring_place *place,
		      uint64_t features, uint16_t next)
{
	struct ring_device device = {
		.buffers = buffers,
		.size = place->size,
		.indirect = ring_feature(features, RING_F_INDIRECT),
		.event_index = ring_feature(features, RING_F_EVENT_IDX),
		.next_available = next,
	};

	if (!ring_size_is_legal(place->size) || place->descriptors % 16 || place->available % 2 ||
	    place->used % 4)
		return -EINVAL;
	device.descriptors = ring_memory_at(rings, place->descriptors, RING_READ,
					    (size_t)place->size * sizeof(*device.descriptors));
	device.available = ring_memory_at(rings, place->available, RING_READ,
					  ring_available_bytes(place->size));
	device.used = ring_memory_at(rings, place->used, RING_READ | RING_WRITE,
				     ring_used_bytes(place->size));
	if (!device.descriptors || !device.available || !device.used)
		return -EFAULT;
	if ((uintptr_t)device.descriptors % 8 || (uintptr_t)device.available % 2 ||
	    (uintptr_t)device.used % 4)
		return -EINVAL;
	device.next_used = shared_u16(&device.used->index);
	*ret = device;
	return 0;
}

void ring_device_resume(struct ring_device *device)
{
	device->next_available = device->next_used;
}

int ring_device_take(struct ring_device *device, struct ring_chain *ret)
{
	uint16_t index = shared_u16_acquire(&device->available->index);
	uint16_t waiting = (uint16_t)(index - device->next_available);
	uint16_t head;
	int r;

	if (!waiting)
		return 0;
	if (waiting > device->size)
		return -EPROTO;
	head = shared_u16(&device->available->ring[device->next_available & (device->size - 1)]);
	if (head >= device->size)
		return -EPROTO;
	r = chain_walk(device, head, ret);
	if (r < 0)
		return r;
	device->next_available++;
	return 1;
}

void ring_device_give(struct ring_device *device, uint16_t head, uint32_t written)
{
	struct ring_used_entry *entry = &device->used->ring[device->next_used & (device->size - 1)];

	entry->head = htole32(head);
	entry->written = htole32(written);
	shared_publish(&device->used->index, ++device->next_used);
}

bool ring_device_must_interrupt(struct ring_device *device)
{
	const uint16_t *used_event = &device->available->ring[device->size];
	uint16_t old = device->told_used, now = device->next_used;
	bool first = !device->told;

	/* the index must be seen before the driver's wish is looked at */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!device->event_index)
		return !(shared_u16(&device->available->flags) & RING_NO_INTERRUPT);
	device->told = true;
	device->told_used = now;
	return first || ring_need_event(shared_u16(used_event), now, old);
}

bool ring_device_want_kicks(struct ring_device *device, bool wanted)
{
	uint16_t *avail_event = (uint16_t *)&device->used->ring[device->size];

	if (!device->event_index)
		shared_publish(&device->used->flags, wanted ? 0 : RING_NO_NOTIFY);
	else if (wanted)
		shared_publish(avail_event, device->next_available);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return shared_u16_acquire(&device->available->index) != device->next_available;
}
