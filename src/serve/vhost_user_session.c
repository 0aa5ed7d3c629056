/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "serve/vhost_user_back.h"
#include "serve/vhost_user_memory.h"

void session_begin(struct vhost_user_session *session, const struct vhost_user_device *device)
{
	memset(session, 0, sizeof(*session));
	session->device = device;
	session->buffers.regions = session->by_guest;
	session->rings.regions = session->by_user;
	for (unsigned int i = 0; i < VHOST_USER_QUEUES; i++)
		session->queues[i] =
			(struct vhost_user_queue){ .kick = -1, .call = -1, .error = -1 };
}

void session_end(struct vhost_user_session *session)
{
	for (unsigned int i = 0; i < VHOST_USER_QUEUES; i++) {
		cleanup_close(&session->queues[i].kick);
		cleanup_close(&session->queues[i].call);
		cleanup_close(&session->queues[i].error);
	}
	memory_unmap(session);
}

static uint64_t offered(const struct vhost_user_session *session)
{
	return session->device->features | 1ULL << VHOST_USER_F_PROTOCOL_FEATURES;
}

static uint64_t protocol_offered(const struct vhost_user_session *session)
{
	return 1ULL << VHOST_USER_PROTOCOL_MQ | 1ULL << VHOST_USER_PROTOCOL_REPLY_ACK |
	       (session->device->config ? 1ULL << VHOST_USER_PROTOCOL_CONFIG : 0);
}

static int answer_number(struct vhost_user_message *message, uint64_t number)
{
	message->number = number;
	message->header.size = sizeof(number);
	return 1;
}

static int take_features(struct vhost_user_session *session, uint64_t features)
{
	if (features & ~offered(session))
		return -EINVAL;
	session->features = features;
	if (session->device->agree)
		session->device->agree(session->device->context, features);
	/* without the protocol's features there is no message that enables a ring */
	if (!ring_feature(features, VHOST_USER_F_PROTOCOL_FEATURES))
		for (unsigned int i = 0; i < session->device->queues; i++)
			session->queues[i].enabled = true;
	return 0;
}

static struct vhost_user_queue *queue_of(struct vhost_user_session *session, uint64_t index)
{
	return index < session->device->queues ? &session->queues[index] : NULL;
}

/* start - once it is known where the ring is, and it has been given a way to be kicked */
static int start(struct vhost_user_session *session, struct vhost_user_queue *queue)
{
	int r;

	if (!queue->placed)
		return -EINVAL;
	r = ring_device_start(&queue->ring, &session->rings, &session->buffers, &queue->place,
			      session->features, queue->next);
	queue->running = r == 0;
	return r;
}

static int set_size(struct vhost_user_queue *queue, uint32_t size)
{
	if (!ring_size_is_legal(size) || queue->running)
		return -EINVAL;
	queue->place.size = (uint16_t)size;
	return 0;
}

static int set_base(struct vhost_user_queue *queue, uint32_t base)
{
	if (base > UINT16_MAX || queue->running)
		return -EINVAL;
	queue->next = (uint16_t)base;
	return 0;
}

static int set_address(struct vhost_user_session *session, struct vhost_user_queue *queue,
		       const struct vhost_user_vring_address *address)
{
	queue->place.descriptors = address->descriptors;
	queue->place.available = address->available;
	queue->place.used = address->used;
	queue->placed = true;
	if (!queue->running)
		return 0;
	queue->next = queue->ring.next_available;
	return start(session, queue);
}

static void stop(struct vhost_user_queue *queue)
{
	if (queue->running)
		queue->next = queue->ring.next_available;
	queue->running = false;
	cleanup_close(&queue->kick);
	queue->kick = -1;
}

/* A descriptor that can make us wait is none to kick or call with. */
static int take_fd(struct vhost_user_message *message, int *slot)
{
	int fd = -1, flags;

	if (!(message->number & VHOST_USER_NO_FD)) {
		if (!message->fd_count || message->fds[0] < 0)
			return -EINVAL;
		fd = message->fds[0];
		flags = fcntl(fd, F_GETFL);
		if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
			return -EINVAL;
		message->fds[0] = -1;
	}
	cleanup_close(slot);
	*slot = fd;
	return 0;
}

static int set_descriptor(struct vhost_user_session *session, struct vhost_user_message *message)
{
	struct vhost_user_queue *queue = queue_of(session, message->number & VHOST_USER_QUEUE_MASK);
	int r;

	if (!queue)
		return -EINVAL;
	switch (message->header.request) {
	case VHOST_USER_SET_VRING_CALL:
		return take_fd(message, &queue->call);
	case VHOST_USER_SET_VRING_ERR:
		return take_fd(message, &queue->error);
	default:
		r = take_fd(message, &queue->kick);
		return r < 0 || queue->running ? r : start(session, queue);
	}
}

static int set_state(struct vhost_user_session *session, const struct vhost_user_message *message)
{
	struct vhost_user_queue *queue = queue_of(session, message->state.index);

	if (!queue)
		return -EINVAL;
	switch (message->header.request) {
	case VHOST_USER_SET_VRING_NUM:
		return set_size(queue, message->state.number);
	case VHOST_USER_SET_VRING_BASE:
		return set_base(queue, message->state.number);
	case VHOST_USER_SET_VRING_ADDR:
		return set_address(session, queue, &message->address);
	default:
		queue->enabled = message->state.number == 1;
		return 0;
	}
}

static int answer_base(struct vhost_user_session *session, struct vhost_user_message *message)
{
	struct vhost_user_queue *queue = queue_of(session, message->state.index);

	if (!queue)
		return -EPROTO;
	stop(queue);
	message->state.number = queue->next;
	message->header.size = sizeof(message->state);
	return 1;
}

/* A size of 0 is the answer to what is not there. */
static int answer_config(struct vhost_user_session *session, struct vhost_user_message *message)
{
	const struct vhost_user_device *device = session->device;
	struct vhost_user_config *config = &message->config;

	if (!device->config || config->size > VHOST_USER_CONFIG_BYTES ||
	    config->offset > device->config_size || !config->size) {
		message->header.size = 0;
		return 1;
	}
	memset(config->bytes, 0, sizeof(config->bytes));
	memcpy(config->bytes, device->config + config->offset,
	       config->size < device->config_size - config->offset
		       ? config->size
		       : device->config_size - config->offset);
	message->header.size = (uint32_t)offsetof(struct vhost_user_config, bytes) + config->size;
	return 1;
}

/* do_ask - what has an answer of its own: 1, or -EPROTO; -ENOSYS it is none of these */
static int do_ask(struct vhost_user_session *session, struct vhost_user_message *message)
{
	switch (message->header.request) {
	case VHOST_USER_GET_FEATURES:
		return answer_number(message, offered(session));
	case VHOST_USER_GET_PROTOCOL_FEATURES:
		return answer_number(message, protocol_offered(session));
	case VHOST_USER_GET_QUEUE_NUM:
		return answer_number(message, session->device->queues);
	case VHOST_USER_GET_VRING_BASE:
		return answer_base(session, message);
	case VHOST_USER_GET_CONFIG:
		return answer_config(session, message);
	default:
		return -ENOSYS;
	}
}

static int set_protocol(struct vhost_user_session *session, uint64_t protocol)
{
	if (protocol & ~protocol_offered(session))
		return -EINVAL;
	session->protocol = protocol;
	return 0;
}

/* do_set - what changes something; 0 or a negative errno */
static int do_set(struct vhost_user_session *session, struct vhost_user_message *message)
{
	switch (message->header.request) {
	case VHOST_USER_SET_OWNER:
	case VHOST_USER_RESET_OWNER:
		return 0;
	case VHOST_USER_SET_FEATURES:
		return take_features(session, message->number);
	case VHOST_USER_SET_PROTOCOL_FEATURES:
		return set_protocol(session, message->number);
	case VHOST_USER_SET_MEM_TABLE:
		return memory_map(session, message);
	case VHOST_USER_SET_VRING_NUM:
	case VHOST_USER_SET_VRING_BASE:
	case VHOST_USER_SET_VRING_ADDR:
	case VHOST_USER_SET_VRING_ENABLE:
		return set_state(session, message);
	case VHOST_USER_SET_VRING_KICK:
	case VHOST_USER_SET_VRING_CALL:
	case VHOST_USER_SET_VRING_ERR:
		return set_descriptor(session, message);
	default:
		return -ENOSYS;
	}
}

int session_handle(struct vhost_user_session *session, struct vhost_user_message *message)
{
	bool acknowledge = message->header.flags & VHOST_USER_NEED_REPLY &&
			   ring_feature(session->protocol, VHOST_USER_PROTOCOL_REPLY_ACK);
	int r = do_ask(session, message);

	if (r == -ENOSYS) {
		r = do_set(session, message);
		if (!acknowledge)
			return r < 0 ? -EPROTO : 0;
		answer_number(message, r < 0);
		r = 1;
	}
	message_drop(message);
	message->header.flags = VHOST_USER_VERSION | VHOST_USER_REPLY;
	return r;
}
