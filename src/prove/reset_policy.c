/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/reset_policy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

int reset_policy_set(const struct vfio_session *session, const char *methods)
{
	const char *path = arena_printf(session->arena, "sys/bus/pci/devices/%s/reset_method",
					session->device->name);
	_cleanup_close_ int fd = root_openat(session->root, path, O_WRONLY);

	if (fd < 0)
		return fd;
	return write(fd, methods, strlen(methods)) < 0 ? -errno : 0;
}

void reset_policy_restore(void *context)
{
	const struct vfio_session *session = context;
	const char *before = fact_text(&session->device->reset_method);
	struct via_fact now =
		root_text(session->root, session->arena, "sys/bus/pci/devices/%s/reset_method",
			  session->device->name);

	if (before && *before && fact_text(&now) && strcmp(before, now.text) != 0)
		reset_policy_set(session, before);
}
