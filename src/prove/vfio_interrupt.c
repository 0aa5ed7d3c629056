/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_interrupt.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "prove/child.h"
#include "prove/dma_class.h"

enum { DELIVERY_MS = 1000 };

/* The best a guest would use, first. */
static const struct vfio_interrupt interrupts[] = {
	{ VFIO_PCI_MSIX_IRQ_INDEX, "MSI-X" },
	{ VFIO_PCI_MSI_IRQ_INDEX, "MSI" },
	{ VFIO_PCI_INTX_IRQ_INDEX, "INTx" },
};

static uint32_t vectors(const struct vfio_session *session, uint32_t index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(session->device_fd, VFIO_DEVICE_GET_IRQ_INFO, &info) < 0 ||
	    !(info.flags & VFIO_IRQ_INFO_EVENTFD))
		return 0;
	return info.count;
}

const struct vfio_interrupt *interrupt_choose(const struct vfio_session *session)
{
	for (size_t i = 0; i < VIA_COUNT(interrupts); i++)
		if (vectors(session, interrupts[i].index))
			return &interrupts[i];
	return NULL;
}

static void cite_vectors(const struct vfio_session *session, const struct via_report *report)
{
	for (size_t i = 0; i < VIA_COUNT(interrupts); i++) {
		uint32_t count = vectors(session, interrupts[i].index);

		if (count)
			report_evidence(report, interrupts[i].name, "%u vector%s", count,
					count == 1 ? "" : "s");
	}
}

int interrupt_set(const struct vfio_session *session, uint32_t index, uint32_t count,
		  const int32_t *event)
{
	_Alignas(struct vfio_irq_set) uint8_t request[sizeof(struct vfio_irq_set) + sizeof(*event)];
	const struct vfio_irq_set set = {
		.argsz = (uint32_t)(event ? sizeof(request) : sizeof(set)),
		.flags = VFIO_IRQ_SET_ACTION_TRIGGER |
			 (event ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE),
		.index = index,
		.count = count,
	};

	memcpy(request, &set, sizeof(set));
	if (event)
		memcpy(request + sizeof(set), event, sizeof(*event));
	return ioctl(session->device_fd, VFIO_DEVICE_SET_IRQS, request) < 0 ? -errno : 0;
}

static int await_event(int event, eventfd_t *ret)
{
	struct pollfd poll_fd = { .fd = event, .events = POLLIN };

	if (poll(&poll_fd, 1, DELIVERY_MS) == 0)
		return -ETIMEDOUT;
	return eventfd_read(event, ret) < 0 ? -errno : 0;
}

/* The kernel signals the descriptor as if the device had raised its first vector. */
static int loop_back(const struct vfio_session *session, const struct via_report *report,
		     const struct vfio_interrupt *interrupt, int event)
{
	eventfd_t count = 0;
	int r = interrupt_set(session, interrupt->index, 1, NULL);

	if (r < 0)
		return report_fail(report, r, "VFIO_DEVICE_SET_IRQS trigger", NULL);
	r = await_event(event, &count);
	if (r < 0)
		return report_fail(report, r, "the descriptor was not woken", NULL);
	report_evidence(report, "counter", "%llu after one trigger of %s vector 0",
			(unsigned long long)count, interrupt->name);
	return count == 1 ? 0 : report_fail(report, -EIO, "counted more than one", NULL);
}

/* Not only the kernel, but the device itself: its message goes through the remapping unit. */
static int raise_by_device(struct vfio_session *session, const struct via_report *report,
			   const struct vfio_interrupt *interrupt, int event)
{
	const struct dma_class *class = dma_class_of(session->device);
	eventfd_t count = 0;
	int r;

	if (!class || !class->raise) {
		report_evidence(report, "from_device",
				"not tried: nothing here makes it raise one");
		return CLIMB_PASS;
	}
	r = dma_device_start(session, report);
	if (r == CLIMB_CANNOT_TELL) {
		report_evidence(report, "from_device", "not tried: see dma-real");
		return CLIMB_PASS;
	}
	if (r == CLIMB_PASS)
		r = class->raise(session->driven);
	if (r < 0)
		return r;
	r = await_event(event, &count);
	if (class->settle)
		class->settle(session->driven);
	if (r < 0)
		return report_fail(report, r, "the device's own interrupt",
				   "the loopback came, this one did not: look at the kernel log "
				   "for DMAR or AMD-Vi interrupt faults");
	report_evidence(report, "from_device", "%s vector 0 came %llu time%s", interrupt->name,
			(unsigned long long)count, count == 1 ? "" : "s");
	return CLIMB_PASS;
}

int climb_interrupt(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;
	const struct vfio_interrupt *interrupt = interrupt_choose(session);
	_cleanup_close_ int event = -1;
	int r, disabled;

	cite_vectors(session, report);
	if (!interrupt) {
		report_hint(report, "the device has no interrupt");
		return CLIMB_SKIP;
	}
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (event < 0)
		return report_fail(report, -errno, "eventfd", NULL);
	r = interrupt_set(session, interrupt->index, 1, &event);
	if (r < 0)
		return report_fail(report, r, "VFIO_DEVICE_SET_IRQS enable",
				   r == -ENOSPC || r == -EBUSY
					   ? "the host has no interrupt vector left"
					   : "look at the kernel log for vfio");
	r = loop_back(session, report, interrupt, event);
	if (r == 0)
		r = raise_by_device(session, report, interrupt, event);
	disabled = interrupt_set(session, interrupt->index, 0, NULL);
	if (r >= 0 && disabled < 0)
		return report_fail(report, disabled, "VFIO_DEVICE_SET_IRQS disable", NULL);
	return r;
}
