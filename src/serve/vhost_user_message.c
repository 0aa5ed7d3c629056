/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "serve/vhost_user.h"

enum { PAYLOAD = sizeof(struct vhost_user_config), PATIENCE_MS = 5000 };

_Static_assert(sizeof(struct vhost_user_memory) <= PAYLOAD, "the longest is the configuration");

void message_drop(struct vhost_user_message *message)
{
	for (unsigned int i = 0; i < message->fd_count; i++)
		cleanup_close(&message->fds[i]);
	message->fd_count = 0;
}

static void take_fds(struct msghdr *head, struct vhost_user_message *message)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(head); part; part = CMSG_NXTHDR(head, part)) {
		size_t count;

		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count && message->fd_count < VHOST_USER_FDS; i++)
			memcpy(&message->fds[message->fd_count++],
			       CMSG_DATA(part) + i * sizeof(int), sizeof(int));
	}
}

/* The buffer for descriptors is as long as the most there may be: the kernel drops the others. */
static ssize_t receive_header(int socket, struct vhost_user_message *ret)
{
	char control[CMSG_SPACE(sizeof(ret->fds))] __attribute__((aligned(8)));
	struct iovec part = { &ret->header, sizeof(ret->header) };
	struct msghdr head = { .msg_iov = &part,
			       .msg_iovlen = 1,
			       .msg_control = control,
			       .msg_controllen = sizeof(control) };
	ssize_t n;

	do
		n = recvmsg(socket, &head, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	take_fds(&head, ret);
	return n;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Who begins a message must end it: we serve others in the meantime, and cannot wait for ever. A
 * byte now and then does not buy more time.
 */
static int receive_rest(int socket, void *data, size_t size, int64_t deadline)
{
	uint8_t *at = data;

	while (size) {
		struct pollfd poll_fd = { .fd = socket, .events = POLLIN };
		int64_t left = deadline - now_ms();
		int ready = poll(&poll_fd, 1, left > 0 ? (int)left : 0);
		ssize_t n = ready > 0 ? recv(socket, at, size, 0) : 0;

		if (ready == 0)
			return -ETIMEDOUT;
		if (ready < 0 || n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (n == 0)
			return -EPROTO;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

static int receive(int socket, struct vhost_user_message *message)
{
	ssize_t n = receive_header(socket, message);
	int64_t deadline = now_ms() + PATIENCE_MS;
	int r;

	if (n <= 0)
		return (int)n;
	r = receive_rest(socket, (uint8_t *)&message->header + n,
			 sizeof(message->header) - (size_t)n, deadline);
	if (r < 0)
		return r;
	if ((message->header.flags & VHOST_USER_VERSION_MASK) != VHOST_USER_VERSION ||
	    message->header.size > PAYLOAD)
		return -EPROTO;
	r = receive_rest(socket, &message->config, message->header.size, deadline);
	return r < 0 ? r : 1;
}

int message_receive(int socket, struct vhost_user_message *ret)
{
	int r;

	memset(ret, 0, sizeof(*ret));
	r = receive(socket, ret);
	if (r <= 0)
		message_drop(ret);
	return r;
}

/* The descriptors that go along, in @control. */
static void give_fds(struct msghdr *head, void *control, const struct vhost_user_message *message)
{
	size_t bytes = message->fd_count * sizeof(int);
	struct cmsghdr *part = control;

	if (!bytes)
		return;
	*part = (struct cmsghdr){ .cmsg_len = CMSG_LEN(bytes),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(part), message->fds, bytes);
	head->msg_control = control;
	head->msg_controllen = CMSG_SPACE(bytes);
}

int message_send(int socket, const struct vhost_user_message *message)
{
	char control[CMSG_SPACE(sizeof(message->fds))] __attribute__((aligned(8))) = { 0 };
	struct iovec parts[] = {
		{ (void *)&message->header, sizeof(message->header) },
		{ (void *)&message->config, message->header.size },
	};
	struct msghdr head = { .msg_iov = parts, .msg_iovlen = VIA_COUNT(parts) };
	ssize_t n;

	give_fds(&head, control, message);
	do
		n = sendmsg(socket, &head, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == sizeof(message->header) + message->header.size ? 0 : -EPIPE;
}
