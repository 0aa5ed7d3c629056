/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "serve/vhost_user_back.h"

/* So many requests of one queue before the others, and the socket, are looked at again. */
enum { TURN = 256 };

static void wake(int fd)
{
	uint64_t one = 1;

	if (fd >= 0 && write(fd, &one, sizeof(one)) < 0)
		errno = 0; /* one that has gone, or is full and thus awake */
}

/* The front end broke the rules of this ring: it is told, and the ring is left alone. */
static void give_up(struct vhost_user_queue *queue)
{
	queue->next = queue->ring.next_available;
	queue->running = false;
	wake(queue->error);
}

/* Return: whether there may be more to do already */
static bool serve_queue(struct vhost_user_session *session, struct vhost_user_queue *queue)
{
	const struct vhost_user_device *device = session->device;
	unsigned int done = 0;
	int r = 0;

	if (!queue->running || !queue->enabled)
		return false;
	while (done < TURN && (r = ring_device_take(&queue->ring, &session->chain)) > 0) {
		uint32_t written = device->serve(device->context, &session->chain);

		ring_device_give(&queue->ring, session->chain.head, written);
		done++;
	}
	session->requests += done;
	if (done && ring_device_must_interrupt(&queue->ring))
		wake(queue->call);
	if (r < 0) {
		give_up(queue);
		return false;
	}
	return ring_device_want_kicks(&queue->ring, true);
}

static bool serve_all(struct vhost_user_session *session)
{
	bool more = false;

	for (unsigned int i = 0; i < session->device->queues; i++)
		more |= serve_queue(session, &session->queues[i]);
	return more;
}

static void drain(struct vhost_user_queue *queue)
{
	uint64_t kicks;
	ssize_t n = read(queue->kick, &kicks, sizeof(kicks));

	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	/* no descriptor that could kick: it would be ready for ever */
	cleanup_close(&queue->kick);
	queue->kick = -1;
}

static int answer(struct vhost_user_session *session, int socket)
{
	struct vhost_user_message message;
	int r = message_receive(socket, &message);

	if (r <= 0)
		return r;
	r = session_handle(session, &message);
	if (r > 0)
		r = message_send(socket, &message);
	message_drop(&message);
	return r < 0 ? r : 1;
}

int session_run(struct vhost_user_session *session, int socket, int stop_fd)
{
	enum { SOCKET, STOP, FIRST_KICK };
	struct pollfd fds[FIRST_KICK + VHOST_USER_QUEUES];
	unsigned int queues = session->device->queues;
	bool more = false;
	int r = 1;

	while (r > 0) {
		fds[SOCKET] = (struct pollfd){ .fd = socket, .events = POLLIN };
		fds[STOP] = (struct pollfd){ .fd = stop_fd, .events = POLLIN };
		for (unsigned int i = 0; i < queues; i++)
			fds[FIRST_KICK + i] =
				(struct pollfd){ .fd = session->queues[i].kick, .events = POLLIN };
		if (poll(fds, FIRST_KICK + queues, more ? 0 : -1) < 0) {
			if (errno != EINTR)
				return -errno;
			continue;
		}
		if (fds[STOP].revents)
			return 0;
		for (unsigned int i = 0; i < queues; i++)
			if (fds[FIRST_KICK + i].revents)
				drain(&session->queues[i]);
		if (fds[SOCKET].revents)
			r = answer(session, socket);
		more = r > 0 && serve_all(session);
	}
	return r;
}
