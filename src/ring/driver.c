/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ring/driver.h"

#include <errno.h>
#include <string.h>

#include "ring/shared.h"

void ring_driver_start(struct ring_driver *ret, void *memory, uint16_t size, uint64_t features)
{
	struct ring_place place = ring_place_from(0, size);
	uint8_t *bytes = memory;

	memset(memory, 0, ring_bytes(size));
	*ret = (struct ring_driver){
		.size = size,
		.event_index = ring_feature(features, RING_F_EVENT_IDX),
		.descriptors = (struct ring_descriptor *)(bytes + place.descriptors),
		.available = (struct ring_available *)(bytes + place.available),
		.used = (const struct ring_used *)(bytes + place.used),
		.free_count = size,
	};
	for (uint16_t i = 0; i < size; i++)
		ret->next[i] = (uint16_t)(i + 1);
}

int ring_driver_add(struct ring_driver *driver, const struct ring_buffer *buffers,
		    unsigned int readable, unsigned int writable)
{
	unsigned int count = readable + writable;
	uint16_t head = driver->free_head, at = head;

	if (!count || count > driver->free_count)
		return -ENOSPC;
	for (unsigned int i = 0; i < count; i++) {
		uint16_t flags = i < readable ? 0 : RING_DESCRIPTOR_WRITE;

		if (i + 1 < count)
			flags |= RING_DESCRIPTOR_NEXT;
		driver->descriptors[at] = (struct ring_descriptor){
			.address = htole64(buffers[i].address),
			.size = htole32(buffers[i].size),
			.flags = htole16(flags),
			.next = htole16(i + 1 < count ? driver->next[at] : 0),
		};
		at = driver->next[at];
	}
	driver->free_head = at;
	driver->free_count = (uint16_t)(driver->free_count - count);
	driver->length[head] = (uint16_t)count;
	driver->available->ring[driver->next_available++ & (driver->size - 1)] = htole16(head);
	return head;
}

bool ring_driver_publish(struct ring_driver *driver)
{
	const uint16_t *avail_event = (const uint16_t *)&driver->used->ring[driver->size];
	uint16_t old = driver->published, now = driver->next_available;

	driver->published = now;
	shared_publish(&driver->available->index, now);
	/* the index must be seen before the device's wish is looked at */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (driver->event_index)
		return ring_need_event(shared_u16(avail_event), now, old);
	return !(shared_u16(&driver->used->flags) & RING_NO_NOTIFY);
}

/* The chain's descriptors are free again. */
static void release(struct ring_driver *driver, uint16_t head)
{
	uint16_t last = head;

	for (unsigned int i = 1; i < driver->length[head]; i++)
		last = driver->next[last];
	driver->next[last] = driver->free_head;
	driver->free_head = head;
	driver->free_count = (uint16_t)(driver->free_count + driver->length[head]);
	driver->length[head] = 0;
}

int ring_driver_take(struct ring_driver *driver, uint16_t *ret_head, uint32_t *ret_written)
{
	const struct ring_used_entry *entry;
	uint32_t head;

	if (shared_u16_acquire(&driver->used->index) == driver->next_used)
		return 0;
	entry = &driver->used->ring[driver->next_used & (driver->size - 1)];
	head = shared_u32(&entry->head);
	if (head >= driver->size || !driver->length[head])
		return -EPROTO;
	*ret_head = (uint16_t)head;
	*ret_written = shared_u32(&entry->written);
	release(driver, (uint16_t)head);
	driver->next_used++;
	return 1;
}

bool ring_driver_want_interrupts(struct ring_driver *driver, bool wanted)
{
	uint16_t *used_event = &driver->available->ring[driver->size];

	if (!driver->event_index)
		shared_publish(&driver->available->flags, wanted ? 0 : RING_NO_INTERRUPT);
	else if (wanted)
		shared_publish(used_event, driver->next_used);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return shared_u16_acquire(&driver->used->index) != driver->next_used;
}
