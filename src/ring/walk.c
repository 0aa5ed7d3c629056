/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ring/walk.h"

#include <errno.h>
#include <string.h>

#include "ring/shared.h"

/* A table of descriptors: the ring's own, or an indirect one. */
struct table {
	const struct ring_descriptor *descriptors;
	uint32_t size;
	bool nested;
};

static struct ring_descriptor read_descriptor(const struct ring_descriptor *shared)
{
	return (struct ring_descriptor){
		.address = shared_u64(&shared->address),
		.size = shared_u32(&shared->size),
		.flags = shared_u16(&shared->flags),
		.next = shared_u16(&shared->next),
	};
}

static int add_piece(struct ring_chain *chain, uint8_t *at, size_t size, bool write)
{
	size_t *count = write ? &chain->writable : &chain->readable;
	uint32_t *bytes = write ? &chain->writable_bytes : &chain->readable_bytes;

	if (chain->readable + chain->writable == RING_CHAIN_PIECES || size > UINT32_MAX - *bytes)
		return -EPROTO;
	chain->pieces[chain->readable + chain->writable] =
		(struct iovec){ .iov_base = at, .iov_len = size };
	*count += 1;
	*bytes += (uint32_t)size;
	return 0;
}

static int add_buffer(const struct ring_device *device, const struct ring_descriptor *descriptor,
		      struct ring_chain *chain)
{
	bool write = descriptor->flags & RING_DESCRIPTOR_WRITE;
	uint64_t address = descriptor->address;
	size_t left = descriptor->size;

	if (!left || (!write && chain->writable))
		return -EPROTO;
	while (left) {
		size_t size = left;
		uint8_t *at = ring_memory_find(device->buffers, address,
					       write ? RING_WRITE : RING_READ, &size);
		int r;

		if (!at)
			return -EFAULT;
		r = add_piece(chain, at, size, write);
		if (r < 0)
			return r;
		if (__builtin_add_overflow(address, size, &address) && left > size)
			return -EFAULT;
		left -= size;
	}
	return 0;
}

static int open_table(const struct ring_device *device, const struct ring_descriptor *descriptor,
		      struct table *table)
{
	if (!device->indirect || table->nested || descriptor->flags & RING_DESCRIPTOR_NEXT ||
	    !descriptor->size || descriptor->size % sizeof(struct ring_descriptor))
		return -EPROTO;
	table->descriptors =
		ring_memory_at(device->buffers, descriptor->address, RING_READ, descriptor->size);
	table->size = descriptor->size / sizeof(struct ring_descriptor);
	table->nested = true;
	if (!table->descriptors)
		return -EFAULT;
	return (uintptr_t)table->descriptors % 8 ? -EPROTO : 0;
}

int chain_walk(const struct ring_device *device, uint16_t head, struct ring_chain *ret)
{
	struct table table = { .descriptors = device->descriptors, .size = device->size };
	uint32_t at = head, left = table.size;

	ret->head = head;
	ret->readable = ret->writable = 0;
	ret->readable_bytes = ret->writable_bytes = 0;
	while (at < table.size && left--) { /* else it leads out of the table, or in a circle */
		struct ring_descriptor descriptor = read_descriptor(&table.descriptors[at]);
		int r;

		if (descriptor.flags & RING_DESCRIPTOR_INDIRECT) {
			r = open_table(device, &descriptor, &table);
			at = 0;
			left = table.size;
		} else {
			r = add_buffer(device, &descriptor, ret);
			at = descriptor.next;
			if (!r && !(descriptor.flags & RING_DESCRIPTOR_NEXT))
				return 0;
		}
		if (r < 0)
			return r;
	}
	return -EPROTO;
}

/* copy - between @data and pieces, from @offset on; returns how many bytes */
static size_t copy(const struct iovec *pieces, size_t count, size_t offset, uint8_t *data,
		   size_t size, bool out)
{
	size_t done = 0;

	for (size_t i = 0; i < count && done < size; i++) {
		size_t length = pieces[i].iov_len, part;
		uint8_t *at = pieces[i].iov_base;

		if (offset >= length) {
			offset -= length;
			continue;
		}
		part = length - offset < size - done ? length - offset : size - done;
		memcpy(out ? data + done : at + offset, out ? at + offset : data + done, part);
		done += part;
		offset = 0;
	}
	return done;
}

size_t ring_chain_read(const struct ring_chain *chain, size_t offset, void *data, size_t size)
{
	return copy(chain->pieces, chain->readable, offset, data, size, true);
}

size_t ring_chain_write(const struct ring_chain *chain, size_t offset, const void *data,
			size_t size)
{
	return copy(chain->pieces + chain->readable, chain->writable, offset, (uint8_t *)data, size,
		    false);
}
