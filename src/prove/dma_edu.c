/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/dma_class.h"

#include <errno.h>
#include <string.h>

#include "prove/child.h"

/*
 * QEMU's educational device: a buffer of 4 KiB, and a DMA engine between it and memory.
 * Source: docs/specs/edu.rst of QEMU
 */
enum {
	EDU_ID = 0x00,
	EDU_LIVENESS = 0x04,
	EDU_RAISE = 0x60,
	EDU_ACKNOWLEDGE = 0x64,
	EDU_SOURCE = 0x80,
	EDU_DESTINATION = 0x88,
	EDU_COUNT = 0x90,
	EDU_COMMAND = 0x98,
	EDU_BUFFER = 0x40000,

	COMMAND_START = 1,
	COMMAND_TO_MEMORY = 2,

	SENT = 0, /* in our memory */
	RECEIVED = 0x1000,
	BYTES = 1024,
	MARK = 0x5eed,
};

static bool edu_claims(const struct via_pci_device *device)
{
	return fact_number(&device->vendor, 0) == 0x1234 &&
	       fact_number(&device->device, 0) == 0x11e8;
}

static int edu_start(struct dma_device *device)
{
	uint32_t id = dma_read(device, 0, EDU_ID);

	if ((id & 0xffff) != 0xed)
		return report_fail(device->report, -ENODEV, "the identification register",
				   "it reads 0x%08x", id);
	return CLIMB_PASS;
}

static int transfer(const struct dma_device *device, uint64_t source, uint64_t destination,
		    uint32_t command)
{
	dma_write(device, 0, EDU_SOURCE, (uint32_t)source);
	dma_write(device, 0, EDU_DESTINATION, (uint32_t)destination);
	dma_write(device, 0, EDU_COUNT, BYTES);
	dma_write(device, 0, EDU_COMMAND, command | COMMAND_START);
	return dma_await(device, 0, EDU_COMMAND, COMMAND_START, 0, DMA_PATIENCE_MS);
}

static int edu_move(struct dma_device *device)
{
	int r;

	dma_fill(device->memory + SENT, BYTES, MARK);
	memset(device->memory + RECEIVED, DMA_FILL, BYTES);
	r = transfer(device, device->iova + SENT, EDU_BUFFER, 0);
	if (r == 0)
		r = transfer(device, EDU_BUFFER, device->iova + RECEIVED, COMMAND_TO_MEMORY);
	if (r < 0)
		return report_fail(device->report, r, "the DMA engine does not end", NULL);
	if (memcmp(device->memory + SENT, device->memory + RECEIVED, BYTES) != 0)
		return report_fail(device->report, -EIO, "other bytes came back than were sent",
				   NULL);
	report_evidence(device->report, "moved", "%d bytes into the device and back, compared",
			BYTES);
	return CLIMB_PASS;
}

static int edu_write_to(struct dma_device *device, uint64_t iova)
{
	return transfer(device, EDU_BUFFER, iova, COMMAND_TO_MEMORY);
}

static int edu_raise(struct dma_device *device)
{
	dma_write(device, 0, EDU_RAISE, 1);
	return 0;
}

static void edu_settle(struct dma_device *device)
{
	dma_write(device, 0, EDU_ACKNOWLEDGE, 1);
}

/* The register gives back what was written, inverted. */
static void edu_mark(struct dma_device *device)
{
	dma_write(device, 0, EDU_LIVENESS, MARK);
}

static bool edu_marked(struct dma_device *device)
{
	return dma_read(device, 0, EDU_LIVENESS) == ~(uint32_t)MARK;
}

static void edu_stop(struct dma_device *device)
{
	dma_await(device, 0, EDU_COMMAND, COMMAND_START, 0, DMA_PATIENCE_MS);
}

const struct dma_class dma_edu = {
	.name = "edu",
	.address_bits = 28,
	.claims = edu_claims,
	.start = edu_start,
	.move = edu_move,
	.write_to = edu_write_to,
	.raise = edu_raise,
	.settle = edu_settle,
	.mark = edu_mark,
	.marked = edu_marked,
	.mark_name = "the liveness register",
	.stop = edu_stop,
};
