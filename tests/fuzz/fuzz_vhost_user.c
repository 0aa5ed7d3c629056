/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vhost-user back end whose front end is hostile: messages, each behind two bytes: how many
 * bytes it has, and how many descriptors come along, of memory or to be woken by.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/vhost_user_back.h"

enum { MEMORY = 0x4000, FDS_MASK = 3, KICKS = 4 };

static uint32_t echo(void *context, struct ring_chain *chain)
{
	uint8_t bytes[64];
	size_t size = ring_chain_read(chain, 0, bytes, sizeof(bytes));

	return (uint32_t)ring_chain_write(chain, 0, bytes, size);
}

static void send_part(int socket, const uint8_t *data, size_t size, unsigned int fds, int fd)
{
	struct iovec part = { (void *)data, size };
	char control[CMSG_SPACE(FDS_MASK * sizeof(int))] __attribute__((aligned(8))) = { 0 };
	struct msghdr head = { .msg_iov = &part, .msg_iovlen = 1 };
	int all[FDS_MASK] = { fd, fd, fd };

	if (fds) {
		head.msg_control = control;
		head.msg_controllen = CMSG_SPACE(fds * sizeof(int));
		CMSG_FIRSTHDR(&head)->cmsg_level = SOL_SOCKET;
		CMSG_FIRSTHDR(&head)->cmsg_type = SCM_RIGHTS;
		CMSG_FIRSTHDR(&head)->cmsg_len = CMSG_LEN(fds * sizeof(int));
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&head)), all, fds * sizeof(int));
	}
	sendmsg(socket, &head, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void send_all(int socket, const uint8_t *data, size_t size)
{
	int memory = memfd_create("fuzz", MFD_CLOEXEC), event = eventfd(1, EFD_NONBLOCK);

	if (ftruncate(memory, MEMORY) < 0)
		abort();
	/* the rest of the input is what stands in the memory */
	if (pwrite(memory, data, size < MEMORY ? size : MEMORY, 0) < 0)
		abort();
	while (size >= 2) {
		size_t length = data[0] < size - 2 ? data[0] : size - 2;

		if (length)
			send_part(socket, data + 2, length, data[1] & FDS_MASK,
				  data[1] & KICKS ? event : memory);
		data += 2 + length;
		size -= 2 + length;
	}
	shutdown(socket, SHUT_WR);
	close(memory);
	close(event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vhost_user_session session;
	static const uint8_t config[64];
	static const struct vhost_user_device device = {
		.features = 3ULL << RING_F_INDIRECT | 1ULL << RING_F_VERSION_1,
		.queues = 2,
		.config = config,
		.config_size = sizeof(config),
		.serve = echo,
	};
	int sockets[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		abort();
	send_all(sockets[0], data, size);
	session_begin(&session, &device);
	session_run(&session, sockets[1], -1);
	session_end(&session);
	close(sockets[0]);
	close(sockets[1]);
	return 0;
}
