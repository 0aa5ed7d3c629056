/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "serve/vhost_user_front.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

static struct vhost_user_message message_of(uint32_t request, uint32_t size)
{
	return (struct vhost_user_message){
		.header = { .request = request, .flags = VHOST_USER_VERSION, .size = size },
	};
}

int front_ask(int socket, uint32_t request, uint64_t *ret)
{
	struct vhost_user_message message = message_of(request, 0);
	int r = message_send(socket, &message);

	if (r < 0)
		return r;
	r = message_receive(socket, &message);
	if (r <= 0)
		return r < 0 ? r : -EPIPE;
	message_drop(&message);
	if (message.header.request != request || !(message.header.flags & VHOST_USER_REPLY) ||
	    message.header.size != sizeof(message.number))
		return -EPROTO;
	*ret = message.number;
	return 0;
}

static int tell(int socket, uint32_t request, uint64_t number, int fd)
{
	struct vhost_user_message message = message_of(request, sizeof(number));

	message.number = number;
	message.fds[0] = fd;
	message.fd_count = fd >= 0;
	return message_send(socket, &message);
}

static int tell_state(int socket, uint32_t request, uint32_t number)
{
	/* the index, 0, comes first */
	return tell(socket, request, (uint64_t)number << 32, -1);
}

static int agree(struct vhost_user_front *front, uint64_t wanted)
{
	uint64_t protocol_bit = 1ULL << VHOST_USER_F_PROTOCOL_FEATURES, offered;
	int r = front_ask(front->socket, VHOST_USER_GET_FEATURES, &offered);

	if (r < 0)
		return r;
	front->features = offered & (wanted | protocol_bit);
	if (front->features & protocol_bit) {
		r = front_ask(front->socket, VHOST_USER_GET_PROTOCOL_FEATURES, &front->protocol);
		if (r == 0)
			r = tell(front->socket, VHOST_USER_SET_PROTOCOL_FEATURES, 0, -1);
	}
	if (r == 0)
		r = tell(front->socket, VHOST_USER_SET_OWNER, 0, -1);
	return r < 0 ? r : tell(front->socket, VHOST_USER_SET_FEATURES, front->features, -1);
}

static int share(struct vhost_user_front *front)
{
	_cleanup_close_ int fd = memfd_create("viaduct", MFD_CLOEXEC);
	struct vhost_user_message message =
		message_of(VHOST_USER_SET_MEM_TABLE, offsetof(struct vhost_user_memory, regions) +
							     sizeof(struct vhost_user_region));

	if (fd < 0 || ftruncate(fd, (off_t)front->memory_size) < 0)
		return -errno;
	front->memory = mmap(NULL, front->memory_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (front->memory == MAP_FAILED) {
		front->memory = NULL;
		return -errno;
	}
	message.memory.count = 1;
	message.memory.regions[0] = (struct vhost_user_region){ .size = front->memory_size };
	message.fds[0] = fd;
	message.fd_count = 1;
	return message_send(front->socket, &message);
}

static int start(struct vhost_user_front *front, uint16_t size)
{
	struct ring_place place = ring_place_from(0, size);
	struct vhost_user_message message =
		message_of(VHOST_USER_SET_VRING_ADDR, sizeof(struct vhost_user_vring_address));
	int socket = front->socket, r;

	message.address = (struct vhost_user_vring_address){
		.descriptors = place.descriptors,
		.used = place.used,
		.available = place.available,
	};
	ring_driver_start(&front->ring, front->memory, size, front->features);
	r = tell_state(socket, VHOST_USER_SET_VRING_NUM, size);
	if (r == 0)
		r = tell_state(socket, VHOST_USER_SET_VRING_BASE, 0);
	if (r == 0)
		r = message_send(socket, &message);
	if (r == 0)
		r = tell(socket, VHOST_USER_SET_VRING_CALL, 0, front->call);
	if (r == 0)
		r = tell(socket, VHOST_USER_SET_VRING_KICK, 0, front->kick);
	if (r == 0 && front->features >> VHOST_USER_F_PROTOCOL_FEATURES & 1)
		r = tell_state(socket, VHOST_USER_SET_VRING_ENABLE, 1);
	return r;
}

int front_open(struct vhost_user_front *ret, int socket, uint64_t wanted, uint16_t size,
	       size_t data)
{
	struct vhost_user_front front = {
		.socket = socket,
		.kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.memory_size = ring_bytes(size) + data,
		.data = ring_bytes(size),
	};
	int r = front.kick < 0 || front.call < 0 ? -errno : agree(&front, wanted);

	if (r == 0)
		r = share(&front);
	if (r == 0)
		r = start(&front, size);
	if (r < 0)
		front_close(&front);
	else
		*ret = front;
	return r;
}

void front_close(struct vhost_user_front *front)
{
	if (front->memory)
		munmap(front->memory, front->memory_size);
	cleanup_close(&front->kick);
	cleanup_close(&front->call);
}

int front_kick(struct vhost_user_front *front)
{
	return eventfd_write(front->kick, 1) < 0 ? -errno : 0;
}

int front_wait(struct vhost_user_front *front, int limit_ms)
{
	struct pollfd fds[] = { { .fd = front->call, .events = POLLIN },
				{ .fd = front->socket, .events = POLLRDHUP } };
	eventfd_t count;
	int ready;

	do
		ready = poll(fds, VIA_COUNT(fds), limit_ms);
	while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		return ready ? -errno : -ETIMEDOUT;
	if (fds[0].revents)
		return eventfd_read(front->call, &count) < 0 && errno != EAGAIN ? -errno : 0;
	return -EPIPE;
}
