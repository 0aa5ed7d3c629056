/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ring/device.h"
#include "serve/vhost_user.h"

enum { VHOST_USER_QUEUES = 8 };

/**
 * struct vhost_user_device - what is served
 * @features: offered; that of the protocol is added
 * @queues: at most VHOST_USER_QUEUES
 * @config: the device's configuration space; may be NULL
 * @agree: told which features were agreed on, before any request; may be NULL
 * @serve: does one request; returns how many bytes it wrote into the chain
 */
struct vhost_user_device {
	uint64_t features;
	unsigned int queues;
	const uint8_t *config;
	size_t config_size;
	void (*agree)(void *context, uint64_t features);
	uint32_t (*serve)(void *context, struct ring_chain *chain);
	void *context;
};

struct vhost_user_queue {
	struct ring_place place;
	uint16_t next;
	bool placed, running, enabled;
	int kick, call, error;
	struct ring_device ring;
};

/* A piece of the front end's memory, mapped here. */
struct vhost_user_mapping {
	void *map;
	size_t size;
};

/**
 * struct vhost_user_session - one front end, from its connection to its end
 *
 * It may be hostile: it can make its own device fail, and nothing else.
 */
struct vhost_user_session {
	const struct vhost_user_device *device;
	uint64_t features, protocol;
	struct vhost_user_mapping mappings[VHOST_USER_REGIONS];
	struct ring_region by_guest[VHOST_USER_REGIONS], by_user[VHOST_USER_REGIONS];
	struct ring_memory buffers, rings;
	struct vhost_user_queue queues[VHOST_USER_QUEUES];
	uint64_t requests; /* served so far */
	struct ring_chain chain;
};

/* session_begin - nothing is agreed on yet; the session must not move */
void session_begin(struct vhost_user_session *session, const struct vhost_user_device *device);
void session_end(struct vhost_user_session *session);

/**
 * session_handle - do what a message asks
 * @message: descriptors that are kept are taken out of it; becomes the answer
 *
 * Return: 1 @message is to be sent back; 0 there is nothing to answer; -EPROTO no back end could
 *         do that: the front end is to be left
 */
int session_handle(struct vhost_user_session *session, struct vhost_user_message *message);

/**
 * session_run - serve a front end until it leaves
 * @socket: connected; stays the caller's
 * @stop_fd: readable when it is to end; -1 for none
 *
 * Return: 0 it left, or was told to stop; -EPROTO it broke the protocol; other negative errno
 */
int session_run(struct vhost_user_session *session, int socket, int stop_fd);
