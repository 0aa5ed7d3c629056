/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "serve/vhost_user_memory.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

void memory_unmap(struct vhost_user_session *session)
{
	for (size_t i = 0; i < session->buffers.count; i++)
		munmap(session->mappings[i].map, session->mappings[i].size);
	session->buffers.count = session->rings.count = 0;
}

static bool overlap(uint64_t start, uint64_t size, const struct ring_region *other)
{
	return start < other->start + other->size && other->start < start + size;
}

static bool is_sound(const struct vhost_user_session *session,
		     const struct vhost_user_region *region, int fd)
{
	uint64_t end;
	struct stat st;

	if (!region->size || region->offset > INT64_MAX ||
	    __builtin_add_overflow(region->guest, region->size, &end) ||
	    __builtin_add_overflow(region->user, region->size, &end) ||
	    __builtin_add_overflow(region->offset, region->size, &end) || end > INT64_MAX)
		return false;
	/* a mapping beyond its file ends who touches it */
	if (fd < 0 || fstat(fd, &st) < 0 || (uint64_t)st.st_size < end)
		return false;
	for (size_t i = 0; i < session->buffers.count; i++)
		if (overlap(region->guest, region->size, &session->by_guest[i]) ||
		    overlap(region->user, region->size, &session->by_user[i]))
			return false;
	return true;
}

static int add(struct vhost_user_session *session, const struct vhost_user_region *region, int fd)
{
	size_t i = session->buffers.count, size = region->offset + region->size;
	unsigned int all = RING_READ | RING_WRITE;
	uint8_t *map;

	if (!is_sound(session, region, fd))
		return -EINVAL;
	/* from the file's start: huge pages take no offset of their own */
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	session->mappings[i] = (struct vhost_user_mapping){ map, size };
	session->by_guest[i] =
		(struct ring_region){ region->guest, region->size, map + region->offset, all };
	session->by_user[i] =
		(struct ring_region){ region->user, region->size, map + region->offset, all };
	session->buffers.count = session->rings.count = i + 1;
	return 0;
}

/* Where a running ring is may have moved with its memory. */
static int find_rings_again(struct vhost_user_session *session)
{
	int worst = 0;

	for (unsigned int i = 0; i < session->device->queues; i++) {
		struct vhost_user_queue *queue = &session->queues[i];
		int r;

		if (!queue->running)
			continue;
		r = ring_device_start(&queue->ring, &session->rings, &session->buffers,
				      &queue->place, session->features, queue->ring.next_available);
		queue->running = r == 0;
		worst = r < 0 ? r : worst;
	}
	return worst;
}

int memory_map(struct vhost_user_session *session, struct vhost_user_message *message)
{
	const struct vhost_user_memory *memory = &message->memory;
	int r = 0;

	if (!memory->count || memory->count > VHOST_USER_REGIONS ||
	    memory->count != message->fd_count)
		return -EINVAL;
	memory_unmap(session);
	for (uint32_t i = 0; r == 0 && i < memory->count; i++)
		r = add(session, &memory->regions[i], message->fds[i]);
	if (r < 0)
		memory_unmap(session);
	message_drop(message); /* a mapping lives on without its descriptor */
	if (find_rings_again(session) < 0 && r == 0)
		r = -EFAULT;
	return r;
}
