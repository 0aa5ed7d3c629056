/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_session.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include "base/span.h"
#include "prove/dma_class.h"
#include "prove/reserved.h"

void session_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void session_close(void *context)
{
	struct vfio_session *session = context;

	if (session->driven)
		dma_device_quiet(session->driven);
	session_close_fd(&session->device_fd);
	session->interface->leave(session);
}

/* Configuration space comes first: all that follows is read or set through it. */
int session_device_opened(struct vfio_session *session, const struct via_report *report)
{
	const struct vfio_region_info *region;
	struct via_span span;
	int r;

	session->info.argsz = sizeof(session->info);
	if (ioctl(session->device_fd, VFIO_DEVICE_GET_INFO, &session->info) < 0)
		return report_fail(report, -errno, "VFIO_DEVICE_GET_INFO", NULL);
	r = session_region(session, VFIO_PCI_CONFIG_REGION_INDEX, &region, &span);
	if (r < 0)
		return report_fail(report, r, "VFIO_DEVICE_GET_REGION_INFO config", NULL);
	session->config_offset = region->offset;
	report_evidence(report, "device", "open: the kernel has tried to reset it");
	return 0;
}

/* VFIO leaves both off; an access to memory would then fail, or raise SIGBUS. */
int session_enable(const struct vfio_session *session, bool master)
{
	const uint16_t wanted = (uint16_t)(PCI_COMMAND_MEMORY | (master ? PCI_COMMAND_MASTER : 0));
	uint16_t command;
	int r = session_config_read(session, PCI_COMMAND, &command, sizeof(command));

	if (r < 0 || (command & wanted) == wanted)
		return r;
	command |= wanted;
	return session_config_write(session, PCI_COMMAND, &command, sizeof(command));
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
	struct reserved_regions regions = { 0 };

	reserved_read(session->arena, &session->group->reserved_regions, &regions);
	via_for_each (region, &regions.list)
		if (reserved_directly(region))
			return true;
	return false;
}

bool session_interrupts_unremapped(const struct vfio_session *session)
{
	const struct via_fact *remapped = &session->host->kernel.interrupts_remapped;

	return fact_is(remapped, VIA_PRESENT) && remapped->number == 0;
}
