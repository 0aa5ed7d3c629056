/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "serve/vhost_user_back.h"

/**
 * struct via_service - a device that front ends find at a socket, one after the other
 * @path: of the socket
 * @once: end when the first has left
 * @requests, @sessions: what was done; filled in as it happens
 * @complain: told how a front end broke the protocol, or whatever ended it; may be NULL
 */
struct via_service {
	const char *path;
	const struct vhost_user_device *device;
	bool once;
	uint64_t requests, sessions;
	void (*complain)(int error);
};

/**
 * service_listen - a socket that only our own user can reach
 *
 * One that a service has left behind is replaced; anything else in its place is not.
 *
 * Return: a descriptor; -EADDRINUSE somebody listens there; -EEXIST something else is there;
 *         -ENAMETOOLONG; other negative errno
 */
int service_listen(const char *path, struct via_error *error);

/**
 * service_run - serve whoever comes, until SIGINT or SIGTERM
 * @listener: from service_listen(); its file is removed in the end
 *
 * A front end that takes back memory which it has shared makes us end: nothing can be done with
 * a signal in the middle of an access. Status 3 and a word on standard error then.
 *
 * Return: 0; with @once, how the front end ended; negative errno
 */
int service_run(struct via_service *service, int listener, struct via_error *error);
