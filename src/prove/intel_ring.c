/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/intel.h"

#include <errno.h>
#include <string.h>

#include "prove/child.h"

enum {
	DESCRIPTORS = 8,
	SEND_RING = 0x0000, /* in our memory */
	RECEIVE_RING = 0x1000,

	RCTL_ENABLE = 1 << 1,
	RCTL_ALL_ADDRESSES = 1 << 3 | 1 << 4 | 1 << 15,
	TCTL_ENABLE = 1 << 1,
	TCTL_PAD = 1 << 3,
	SRRCTL_2K_ADVANCED = 2 | 1 << 25,

	COMMAND_END = 1 << 24, /* in both kinds of descriptors */
	COMMAND_CHECKSUM = 1 << 25,
	COMMAND_REPORT = 1 << 27,
	COMMAND_ADVANCED = 1 << 29 | 3 << 20,
	PAYLOAD_SHIFT = 14,
	DONE = 1,
	HEAD_ENABLE = 1,

	EXPERIMENTAL = 0x88b5, /* IEEE 802: for local experiments */
	SEED = 0x1e7,
};

/* What is written back lies in other places: send 12; receive 12, or 8 when advanced. */
struct intel_descriptor {
	uint64_t address;
	uint32_t command, status;
};
_Static_assert(sizeof(struct intel_descriptor) == 16, "a descriptor");

static void compose_frame(const struct dma_device *device)
{
	const struct intel *intel = device->state;
	uint8_t *frame = device->memory + INTEL_FRAME;

	memcpy(frame, intel->mac, sizeof(intel->mac));
	memcpy(frame + 6, intel->mac, sizeof(intel->mac));
	frame[12] = EXPERIMENTAL >> 8;
	frame[13] = EXPERIMENTAL & 0xff;
	dma_fill(frame + 14, INTEL_FRAME_BYTES - 14, SEED);
}

static int enable_queue(const struct dma_device *device, uint64_t control)
{
	uint32_t value = dma_read(device, 0, control);

	dma_write(device, 0, control, value | INTEL_QUEUE_ENABLE);
	return dma_await(device, 0, control, INTEL_QUEUE_ENABLE, INTEL_QUEUE_ENABLE,
			 DMA_PATIENCE_MS);
}

static int start_ring(const struct dma_device *device, uint64_t base, uint64_t ring,
		      uint64_t control)
{
	const struct intel *intel = device->state;

	/* from the base: length 8, head 16 and tail 24 bytes on, for both directions */
	dma_write_address(device, 0, base, device->iova + ring);
	dma_write(device, 0, base + 8, DESCRIPTORS * sizeof(struct intel_descriptor));
	dma_write(device, 0, base + 16, 0);
	dma_write(device, 0, base + 24, 0);
	return intel->advanced ? enable_queue(device, control) : 0;
}

static int enable_directions(const struct dma_device *device)
{
	const struct intel *intel = device->state;

	if (intel->advanced)
		dma_write(device, 0, INTEL_SRRCTL, SRRCTL_2K_ADVANCED);
	if (!intel->virtual) { /* of a virtual function, the PF decides */
		dma_write(device, 0, INTEL_TCTL, TCTL_ENABLE | TCTL_PAD);
		dma_write(device, 0, INTEL_RCTL, RCTL_ENABLE | RCTL_ALL_ADDRESSES);
	}
	return start_ring(device, INTEL_TDBAL, SEND_RING, INTEL_TXDCTL);
}

int intel_rings_start(struct dma_device *device)
{
	struct intel *intel = device->state;
	int r;

	memset(device->memory, 0, DMA_MEMORY);
	intel->sent = intel->received = 0;
	compose_frame(device);
	r = enable_directions(device);
	if (r == 0)
		r = start_ring(device, INTEL_RDBAL, RECEIVE_RING, INTEL_RXDCTL);
	return r < 0 ? report_fail(device->report, r, "a queue does not come on", NULL)
		     : CLIMB_PASS;
}

static void place(struct dma_device *device, size_t ring, unsigned int n,
		  struct intel_descriptor descriptor)
{
	memcpy(device->memory + ring + n * sizeof(descriptor), &descriptor, sizeof(descriptor));
}

void intel_offer(struct dma_device *device, uint64_t address)
{
	struct intel *intel = device->state;

	place(device, RECEIVE_RING, intel->received,
	      (struct intel_descriptor){ .address = address });
	dma_write(device, 0, INTEL_RDT, (intel->received + 1) % DESCRIPTORS);
}

/* push - hand the frame over; returns the descriptor's number */
static unsigned int push(struct dma_device *device)
{
	struct intel *intel = device->state;
	unsigned int n = intel->sent;
	struct intel_descriptor descriptor = {
		.address = device->iova + INTEL_FRAME,
		.command = INTEL_FRAME_BYTES | COMMAND_END | COMMAND_CHECKSUM | COMMAND_REPORT,
	};

	if (intel->advanced) {
		descriptor.command |= COMMAND_ADVANCED;
		descriptor.status = INTEL_FRAME_BYTES << PAYLOAD_SHIFT;
	}
	place(device, SEND_RING, n, descriptor);
	intel->sent = (n + 1) % DESCRIPTORS;
	dma_write(device, 0, INTEL_TDT, intel->sent);
	return n;
}

int intel_send(struct dma_device *device)
{
	unsigned int n = push(device);
	size_t status = offsetof(struct intel_descriptor, status);

	return dma_await_byte(device, SEND_RING + n * sizeof(struct intel_descriptor) + status,
			      DONE, DONE, DMA_PATIENCE_MS);
}

int intel_send_counted(struct dma_device *device, uint64_t address)
{
	const struct intel *intel = device->state;
	int r;

	dma_write_address(device, 0, INTEL_TDWBAL, address | HEAD_ENABLE);
	push(device);
	r = dma_await(device, 0, INTEL_TDH, 0xffff, intel->sent, DMA_PATIENCE_MS);
	dma_write_address(device, 0, INTEL_TDWBAL, 0);
	return r;
}

int intel_received(struct dma_device *device, unsigned int limit_ms)
{
	struct intel *intel = device->state;
	size_t at = RECEIVE_RING + intel->received * sizeof(struct intel_descriptor);
	int r = dma_await_byte(device, at + (intel->advanced ? 8 : 12), DONE, DONE, limit_ms);
	uint16_t length;

	if (r < 0)
		return r;
	memcpy(&length, device->memory + at + (intel->advanced ? 12 : 8), sizeof(length));
	intel->received = (intel->received + 1) % DESCRIPTORS;
	return length;
}
