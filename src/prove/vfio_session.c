/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_session.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/span.h"
#include "prove/vfio_info.h"

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void session_close(void *context)
{
	struct vfio_session *session = context;

	close_one(&session->device_fd);
	if (session->group_fd >= 0)
		ioctl(session->group_fd, VFIO_GROUP_UNSET_CONTAINER);
	close_one(&session->group_fd);
	close_one(&session->container);
}

int session_region(struct vfio_session *session, uint32_t index,
		   const struct vfio_region_info **ret, struct via_span *ret_span)
{
	struct vfio_region_info question = { .index = index };
	struct via_span answer;
	int r = info_fetch(session->arena, session->device_fd, VFIO_DEVICE_GET_REGION_INFO,
			   &question, sizeof(question), &answer);

	if (r < 0)
		return r;
	*ret = (const struct vfio_region_info *)answer.data;
	*ret_span = answer;
	return 0;
}

static int whole(ssize_t n, size_t size)
{
	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EIO;
}

int session_config_read(const struct vfio_session *session, uint64_t offset, void *data,
			size_t size)
{
	return whole(
		pread(session->device_fd, data, size, (off_t)(session->config_offset + offset)),
		size);
}

int session_config_write(const struct vfio_session *session, uint64_t offset, const void *data,
			 size_t size)
{
	return whole(
		pwrite(session->device_fd, data, size, (off_t)(session->config_offset + offset)),
		size);
}

int session_config_ids(const struct vfio_session *session, uint16_t *ret_vendor,
		       uint16_t *ret_device)
{
	uint8_t bytes[4];
	struct via_span span = { bytes, sizeof(bytes) };
	int r = session_config_read(session, 0, bytes, sizeof(bytes));

	if (r < 0)
		return r;
	span_u16(span, 0, ret_vendor);
	span_u16(span, 2, ret_device);
	return 0;
}

bool session_has_direct_region(const struct vfio_session *session)
{
	const char *regions = fact_text(&session->group->reserved_regions);

	/* "direct-relaxable" ones (USB, graphics) are given up for a virtual machine */
	for (const char *at = regions; at && (at = strstr(at, " direct")); at++)
		if (at[strlen(" direct")] == '\n' || at[strlen(" direct")] == '\0')
			return true;
	return false;
}
