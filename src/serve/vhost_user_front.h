/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ring/driver.h"
#include "serve/vhost_user.h"

/**
 * struct vhost_user_front - the driver's end: one queue of a back end, for tests and measuring
 *
 * The memory that both share begins with the ring; its addresses begin at 0.
 */
struct vhost_user_front {
	int socket, kick, call;
	uint8_t *memory;
	size_t memory_size, data; /* where what is not the ring begins */
	uint64_t features, protocol;
	struct ring_driver ring;
};

/**
 * front_open - agree on features, share memory, start queue 0
 * @socket: connected; stays the caller's
 * @wanted: features to agree on, where they are offered
 * @size: of the ring
 * @data: bytes besides the ring
 * @ret: to be given back with front_close(); untouched on failure
 *
 * Return: 0; -EPROTO the other side speaks something else; other negative errno
 */
int front_open(struct vhost_user_front *ret, int socket, uint64_t wanted, uint16_t size,
	       size_t data);
void front_close(struct vhost_user_front *front);

/* front_ask - a question and its answer, a number; 0 or a negative errno */
int front_ask(int socket, uint32_t request, uint64_t *ret);

/* front_kick - wake the back end; 0 or a negative errno */
int front_kick(struct vhost_user_front *front);

/* front_wait - until the back end has something to give back; 0, -ETIMEDOUT, -EPIPE it is gone */
int front_wait(struct vhost_user_front *front, int limit_ms);
