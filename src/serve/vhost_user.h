/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What crosses a vhost-user socket, in the machine's own byte order; descriptors travel beside.
 *
 * Source: QEMU docs/interop/vhost-user.rst
 */
enum vhost_user_request {
	VHOST_USER_GET_FEATURES = 1,
	VHOST_USER_SET_FEATURES = 2,
	VHOST_USER_SET_OWNER = 3,
	VHOST_USER_RESET_OWNER = 4,
	VHOST_USER_SET_MEM_TABLE = 5,
	VHOST_USER_SET_VRING_NUM = 8,
	VHOST_USER_SET_VRING_ADDR = 9,
	VHOST_USER_SET_VRING_BASE = 10,
	VHOST_USER_GET_VRING_BASE = 11,
	VHOST_USER_SET_VRING_KICK = 12,
	VHOST_USER_SET_VRING_CALL = 13,
	VHOST_USER_SET_VRING_ERR = 14,
	VHOST_USER_GET_PROTOCOL_FEATURES = 15,
	VHOST_USER_SET_PROTOCOL_FEATURES = 16,
	VHOST_USER_GET_QUEUE_NUM = 17,
	VHOST_USER_SET_VRING_ENABLE = 18,
	VHOST_USER_GET_CONFIG = 24,
};

enum {
	VHOST_USER_VERSION = 1,
	VHOST_USER_VERSION_MASK = 3,
	VHOST_USER_REPLY = 4,
	VHOST_USER_NEED_REPLY = 8,

	VHOST_USER_F_PROTOCOL_FEATURES = 30, /* of the virtio features */
	VHOST_USER_PROTOCOL_MQ = 0,
	VHOST_USER_PROTOCOL_REPLY_ACK = 3,
	VHOST_USER_PROTOCOL_CONFIG = 9,

	VHOST_USER_REGIONS = 8,
	VHOST_USER_FDS = VHOST_USER_REGIONS,
	VHOST_USER_CONFIG_BYTES = 256,
	VHOST_USER_QUEUE_MASK = 0xff, /* in what comes with a descriptor */
	VHOST_USER_NO_FD = 0x100,
};

struct vhost_user_header {
	uint32_t request, flags, size;
};
_Static_assert(sizeof(struct vhost_user_header) == 12, "the payload follows at once");

struct vhost_user_region {
	uint64_t guest, size, user, offset;
};

struct vhost_user_memory {
	uint32_t count, padding;
	struct vhost_user_region regions[VHOST_USER_REGIONS];
};

struct vhost_user_vring_state {
	uint32_t index, number;
};

struct vhost_user_vring_address {
	uint32_t index, flags;
	uint64_t descriptors, used, available, log;
};

struct vhost_user_config {
	uint32_t offset, size, flags;
	uint8_t bytes[VHOST_USER_CONFIG_BYTES];
};

/* A message with its descriptors; whoever takes one puts -1 in its place. */
struct vhost_user_message {
	struct vhost_user_header header;
	union {
		uint64_t number;
		struct vhost_user_memory memory;
		struct vhost_user_vring_state state;
		struct vhost_user_vring_address address;
		struct vhost_user_config config;
	};
	int fds[VHOST_USER_FDS];
	unsigned int fd_count;
};

/**
 * message_receive - the next message, whole
 *
 * Return: 1; 0 the other side is gone; -EPROTO not of this protocol, or longer than any that is
 *         known; -ETIMEDOUT it stopped in the middle; other negative errno
 */
int message_receive(int socket, struct vhost_user_message *ret);

/* message_send - with its descriptors, which stay the caller's; 0 or a negative errno */
int message_send(int socket, const struct vhost_user_message *message);

/* message_drop - close what nobody took */
void message_drop(struct vhost_user_message *message);
