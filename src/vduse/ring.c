/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vduse/ring.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

/* Layouts of virtio 1.2: 2.7.5 (descriptors), 2.7.6 (available), 2.7.8 (used); little-endian. */
struct descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};
_Static_assert(sizeof(struct descriptor) == 16, "as the driver lays them out");

struct used_element {
	uint32_t id, length;
};

enum {
	DESCRIPTOR_NEXT = 1,
	DESCRIPTOR_WRITE = 2,
	DESCRIPTOR_INDIRECT = 4,
	AVAILABLE_NO_INTERRUPT = 1,
	AVAILABLE_INDEX = 2, /* offsets */
	AVAILABLE_RING = 4,
	USED_INDEX = 2,
	USED_RING = 4,
};

/* A table of descriptors: the ring's own, or one that a descriptor points to. */
struct table {
	uint64_t address;
	uint32_t count;
};

int ring_begin(struct via_ring *ring, const struct via_ring_memory *memory, uint32_t size,
	       uint64_t descriptors, uint64_t available, uint64_t used, uint16_t next)
{
	if (!size || size > RING_SIZE_MAX || (size & (size - 1)) || (descriptors & 15) ||
	    (available & 1) || (used & 3))
		return -EINVAL;
	*ring = (struct via_ring){ .memory = memory,
				   .size = (uint16_t)size,
				   .next = next,
				   .indirect = ring->indirect,
				   .descriptors = descriptors,
				   .available = available,
				   .used = used };
	return 0;
}

static int broke(struct via_ring *ring, const char *why)
{
	ring->broken = why;
	return -EBADMSG;
}

/* @size bytes in one piece, or NULL. */
static void *at(const struct via_ring *ring, uint64_t address, uint64_t size, bool write)
{
	struct iovec piece;

	if (ring->memory->map(ring->memory->context, address, size, write, &piece, 1) != 1)
		return NULL;
	return piece.iov_base;
}

static int read_index(struct via_ring *ring, uint64_t address, uint16_t *ret)
{
	const uint16_t *index = at(ring, address, sizeof(*index), false);

	if (!index)
		return broke(ring, "a ring lies outside of its memory");
	*ret = le16toh(__atomic_load_n(index, __ATOMIC_ACQUIRE));
	return 0;
}

int ring_resume(struct via_ring *ring)
{
	return read_index(ring, ring->used + USED_INDEX, &ring->next);
}

static int read_descriptor(struct via_ring *ring, const struct table *table, uint32_t index,
			   struct descriptor *ret)
{
	struct iovec pieces[2];
	size_t count;
	int r = ring->memory->map(ring->memory->context,
				  table->address + index * sizeof(struct descriptor),
				  sizeof(struct descriptor), false, pieces, 2);

	if (r < 0)
		return broke(ring, "a descriptor lies outside of the memory");
	count = (size_t)r;
	if (chain_take(pieces, &count, ret, sizeof(*ret)) < 0)
		return broke(ring, "a descriptor lies outside of the memory");
	ret->address = le64toh(ret->address);
	ret->length = le32toh(ret->length);
	ret->flags = le16toh(ret->flags);
	ret->next = le16toh(ret->next);
	return 0;
}

static int add_pieces(struct via_ring *ring, struct via_chain *chain,
		      const struct descriptor *descriptor)
{
	bool write = descriptor->flags & DESCRIPTOR_WRITE;
	struct iovec *pieces = write ? chain->in : chain->out;
	size_t *count = write ? &chain->in_count : &chain->out_count;
	int r;

	if (!write && chain->in_count)
		return broke(ring, "a part to read stands behind one to write");
	if (!descriptor->length)
		return 0;
	if (descriptor->address + descriptor->length < descriptor->address)
		return broke(ring, "a buffer wraps around the address space");
	r = ring->memory->map(ring->memory->context, descriptor->address, descriptor->length, write,
			      pieces + *count, RING_SEGMENTS - *count);
	if (r < 0)
		return broke(ring, r == -E2BIG ? "a request has too many parts"
					       : "a buffer lies outside of the memory");
	*count += (size_t)r;
	return 0;
}

static int enter_indirect(struct via_ring *ring, const struct descriptor *descriptor,
			  struct table *ret)
{
	if (!ring->indirect || (descriptor->flags & DESCRIPTOR_NEXT))
		return broke(ring, "an indirect descriptor where there may be none");
	if (!descriptor->length || descriptor->length % sizeof(struct descriptor) ||
	    descriptor->length / sizeof(struct descriptor) > RING_SEGMENTS)
		return broke(ring, "an indirect table of a size that may not be");
	*ret = (struct table){ descriptor->address,
			       (uint32_t)(descriptor->length / sizeof(struct descriptor)) };
	return 0;
}

/* More steps than a table has entries go round in a circle. */
static int walk(struct via_ring *ring, struct via_chain *chain)
{
	struct table table = { ring->descriptors, ring->size };
	struct descriptor descriptor;
	bool inside = false;
	uint32_t index = chain->head, steps = 0;
	int r;

	for (;;) {
		if (index >= table.count || steps++ >= table.count)
			return broke(ring, steps > table.count
						   ? "a chain of descriptors goes round in a circle"
						   : "a descriptor's number is beyond the table");
		r = read_descriptor(ring, &table, index, &descriptor);
		if (r < 0)
			return r;
		if (descriptor.flags & DESCRIPTOR_INDIRECT) {
			if (inside)
				return broke(ring, "an indirect table within another");
			r = enter_indirect(ring, &descriptor, &table);
			inside = true;
			index = steps = 0;
		} else {
			r = add_pieces(ring, chain, &descriptor);
			index = descriptor.next;
			if (r == 0 && !(descriptor.flags & DESCRIPTOR_NEXT))
				return 0;
		}
		if (r < 0)
			return r;
	}
}

static int read_head(struct via_ring *ring, uint16_t *ret)
{
	uint64_t offset = AVAILABLE_RING + 2ULL * (ring->next & (ring->size - 1));

	return read_index(ring, ring->available + offset, ret);
}

int ring_next(struct via_ring *ring, struct via_chain *ret)
{
	uint16_t index;
	int r;

	if (ring->broken)
		return -EBADMSG;
	r = read_index(ring, ring->available + AVAILABLE_INDEX, &index);
	if (r < 0)
		return r;
	if (index == ring->next)
		return 0;
	if ((uint16_t)(index - ring->next) > ring->size)
		return broke(ring, "more requests are available than the ring has entries");
	ret->out_count = ret->in_count = 0;
	r = read_head(ring, &ret->head);
	if (r == 0)
		r = walk(ring, ret);
	if (r < 0)
		return r;
	ring->next++;
	return 1;
}

int ring_finish(struct via_ring *ring, const struct via_chain *chain, uint32_t written)
{
	uint16_t *index = at(ring, ring->used + USED_INDEX, sizeof(*index), true);
	struct used_element *element;
	uint16_t number;

	if (!index)
		return broke(ring, "a ring lies outside of its memory");
	number = le16toh(*index);
	element = at(ring,
		     ring->used + USED_RING +
			     sizeof(*element) * (uint64_t)(number & (ring->size - 1)),
		     sizeof(*element), true);
	if (!element)
		return broke(ring, "a ring lies outside of its memory");
	*element = (struct used_element){ htole32(chain->head), htole32(written) };
	/* The element is there before the index says so. */
	__atomic_store_n(index, htole16((uint16_t)(number + 1)), __ATOMIC_RELEASE);
	return 0;
}

bool ring_wants_interrupt(const struct via_ring *ring)
{
	const uint16_t *flags = at(ring, ring->available, sizeof(*flags), false);

	/* The index that was just written is out before the flags are read. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return flags && !(le16toh(*(const volatile uint16_t *)flags) & AVAILABLE_NO_INTERRUPT);
}

int chain_take(struct iovec *pieces, size_t *count, void *to, size_t size)
{
	char *end = to;

	while (size) {
		size_t part;

		if (!*count)
			return -EMSGSIZE;
		part = pieces->iov_len < size ? pieces->iov_len : size;
		memcpy(end, pieces->iov_base, part);
		end += part;
		size -= part;
		pieces->iov_base = (char *)pieces->iov_base + part;
		pieces->iov_len -= part;
		if (!pieces->iov_len)
			memmove(pieces, pieces + 1, --*count * sizeof(*pieces));
	}
	return 0;
}

size_t chain_size(const struct iovec *pieces, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += pieces[i].iov_len;
	return size;
}
