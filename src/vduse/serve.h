/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "serve/disk.h"

enum {
	SERVE_QUEUE_SIZE = 128,
	SERVE_SEGMENTS = SERVE_QUEUE_SIZE - 2, /* beside a header and a status */
};

/**
 * struct via_serve_road - how a device comes onto the bus vdpa and leaves it
 *
 * Both run in children of the server, since who binds a driver waits for the server's answers.
 *
 * @attach: 0 when it is on the bus; NULL: it is there already
 * @detach: 0 when it is off the bus; -EBUSY while it is in use; @insist: even then, where that is
 *          possible at all
 * @ready: called once, when @attach has done its work; may be NULL
 * @say: tells whoever watches, one line; may be NULL
 */
struct via_serve_road {
	int (*attach)(void *context);
	int (*detach)(void *context, bool insist);
	void (*ready)(void *context);
	void (*say)(void *context, const char *line);
	void *context;
};

/**
 * serve_disk - serve a disk until SIGTERM or SIGINT, or until the device is gone
 * @device: from vduse_open(); stays open
 * @resume: the driver is at work already (its server died): go on where that one ended
 *
 * A first signal takes the device off the bus, unless it is in use: then it goes on being
 * served, and comes off when it is free; a second signal insists.
 *
 * Effect: SIGTERM, SIGINT and SIGCHLD are blocked and stay so
 * Return: 0 when it is off the bus; negative errno of what failed
 */
int serve_disk(int device, struct disk *disk, bool resume, const struct via_serve_road *road);

/* serve_end - serve a disk, each request with an error, only to take it off the bus; insists */
int serve_end(int device, const struct via_serve_road *road);
