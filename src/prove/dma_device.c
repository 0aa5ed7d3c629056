/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/dma_class.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include "prove/child.h"

/*
 * Where physical memory ends at the latest, as far as that can be guessed from its size:
 * DMA that no IOMMU translated would then hit nothing.
 */
static uint64_t above_memory(void)
{
	uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t floor = 1ULL << 33;

	while (floor < 2 * memory)
		floor <<= 1;
	return floor;
}

static int pick_address(const struct vfio_session *session, const struct dma_class *class,
			uint64_t *ret)
{
	uint64_t ceiling = UINT64_MAX >> (64 - class->address_bits);

	if (limits_pick(&session->limits, above_memory(), ceiling, DMA_SPAN, ret) == 0)
		return 0;
	return limits_pick(&session->limits, 0, ceiling, DMA_SPAN, ret);
}

static uint8_t *some_memory(size_t size)
{
	uint8_t *memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static int give_memory(struct dma_device *device)
{
	struct vfio_session *session = device->session;
	int r;

	device->memory = some_memory(DMA_MEMORY);
	device->trial = some_memory(DMA_PAGE);
	if (!device->memory || !device->trial)
		return report_fail(device->report, -ENOMEM, "mmap", NULL);
	r = pick_address(session, device->class, &device->iova);
	if (r < 0)
		return report_fail(device->report, r, "finding an address that the device can use",
				   NULL);
	r = session->interface->map(session, device->memory, device->iova, DMA_MEMORY);
	if (r < 0)
		return report_fail(device->report, r, session->interface->map_call, NULL);
	report_evidence(device->report, "memory", "%d KiB at %#" PRIx64, DMA_MEMORY / 1024,
			device->iova);
	return 0;
}

static int make_device(struct vfio_session *session, const struct via_report *report)
{
	struct dma_device *device = arena_new_object(session->arena, struct dma_device);
	int r;

	*device = (struct dma_device){ .session = session,
				       .class = dma_class_of(session->device),
				       .report = report };
	r = give_memory(device);
	if (r == 0)
		session->driven = device;
	return r;
}

int dma_device_start(struct vfio_session *session, const struct via_report *report)
{
	int r = session->driven ? 0 : make_device(session, report);

	if (r < 0 || !session->driven)
		return r < 0 ? r : -ENODEV;
	session->driven->report = report;
	if (session->driven->started)
		return CLIMB_PASS;
	if (session->driven->unwilling)
		return CLIMB_CANNOT_TELL;
	r = session_enable(session, true);
	if (r < 0)
		return report_fail(report, r, "enabling the device's own access to memory", NULL);
	r = session->driven->class->start(session->driven);
	session->driven->started = r == CLIMB_PASS;
	session->driven->unwilling = r == CLIMB_CANNOT_TELL;
	return r;
}

void dma_device_quiet(struct dma_device *device)
{
	const struct vfio_session *session = device->session;
	uint16_t command;

	if (device->started)
		device->class->stop(device);
	device->started = false;
	if (session_config_read(session, PCI_COMMAND, &command, sizeof(command)) < 0)
		return;
	command &= (uint16_t)~PCI_COMMAND_MASTER;
	session_config_write(session, PCI_COMMAND, &command, sizeof(command));
}
