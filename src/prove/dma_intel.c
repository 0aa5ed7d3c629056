/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/intel.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "prove/child.h"
#include "prove/clock.h"

enum {
	ICR = 0x00c0,
	ICS = 0x00c8,
	IMS = 0x00d0,
	IMC = 0x00d8,
	IVAR = 0x00e4, /* 82574: the first receive queue raises vector 0 */
	IVAR_RECEIVE = 1 << 3,
	CAUSE_LINK = 1 << 2,
	CAUSE_RECEIVE = 1 << 20,

	GPIE = 0x1514,
	EICS = 0x1520,
	EIMS = 0x1524,
	EIMC = 0x1528,
	GPIE_MSIX = 1 << 4,

	RESET_MS = 20,
	AGAIN_MS = 100,
};

static bool one_of(const struct via_pci_device *device, const uint16_t *ids, size_t count)
{
	if (fact_number(&device->vendor, 0) != 0x8086)
		return false;
	for (size_t i = 0; i < count; i++)
		if (fact_number(&device->device, 0) == ids[i])
			return true;
	return false;
}

static bool e1000_claims(const struct via_pci_device *device)
{
	static const uint16_t ids[] = { 0x1004, 0x100e, 0x100f, 0x10d3 };

	return one_of(device, ids, VIA_COUNT(ids));
}

static bool igb_claims(const struct via_pci_device *device)
{
	static const uint16_t ids[] = { 0x10c9, 0x10e6, 0x10e7, 0x10e8, 0x150a, 0x150d,
					0x1518, 0x1526, 0x1521, 0x1522, 0x1523, 0x1524 };

	return one_of(device, ids, VIA_COUNT(ids));
}

static bool igbvf_claims(const struct via_pci_device *device)
{
	static const uint16_t ids[] = { 0x10ca, 0x152d, 0x1520, 0x152f };

	return one_of(device, ids, VIA_COUNT(ids));
}

static int reset_by_register(const struct dma_device *device)
{
	const struct intel *intel = device->state;

	dma_write(device, 0, INTEL_CTRL, dma_read(device, 0, INTEL_CTRL) | INTEL_RESET);
	clock_sleep_ms(RESET_MS);
	if (intel->virtual)
		return 0;
	dma_write(device, 0, IMC, UINT32_MAX);
	return dma_await(device, 0, INTEL_CTRL, INTEL_RESET, 0, DMA_PATIENCE_MS);
}

static int start(struct dma_device *device, bool advanced, bool virtual)
{
	struct intel *intel = arena_new_object(device->session->arena, struct intel);
	uint32_t address[2];
	int r;

	*intel = (struct intel){ .advanced = advanced, .virtual = virtual };
	device->state = intel;
	r = reset_by_register(device);
	if (r == 0 && !virtual) {
		address[0] = dma_read(device, 0, INTEL_RAL);
		address[1] = dma_read(device, 0, INTEL_RAH);
		memcpy(intel->mac, address, sizeof(intel->mac));
		r = intel_link_loop(device);
	}
	if (r < 0)
		return report_fail(device->report, r, "the controller does not come out of reset",
				   NULL);
	r = virtual ? intel_mailbox_reset(device) : CLIMB_PASS;
	return r == CLIMB_PASS ? intel_rings_start(device) : r;
}

static int e1000_start(struct dma_device *device)
{
	return start(device, false, false);
}

static int igb_start(struct dma_device *device)
{
	return start(device, true, false);
}

static int igbvf_start(struct dma_device *device)
{
	return start(device, true, true);
}

/* A receiver that was just switched on may let frames pass: QEMU's 82540EM does, for a second. */
static int loop(struct dma_device *device, uint64_t address, const char **ret_failed)
{
	double deadline = clock_ms() + DMA_PATIENCE_MS;
	int r;

	intel_offer(device, address);
	do {
		*ret_failed = "a descriptor is not written back";
		r = intel_send(device);
		if (r < 0)
			return r;
		*ret_failed = "what was sent in a loop does not come back";
		r = intel_received(device, AGAIN_MS);
	} while (r < 0 && clock_ms() < deadline);
	return r;
}

static int loop_move(struct dma_device *device)
{
	uint8_t *room = device->memory + INTEL_ROOM;
	const char *failed;
	int r;

	memset(room, DMA_FILL, DMA_PAGE);
	r = loop(device, device->iova + INTEL_ROOM, &failed);
	if (r < 0)
		return report_fail(device->report, r, failed, NULL);
	if (r < INTEL_FRAME_BYTES ||
	    memcmp(room, device->memory + INTEL_FRAME, INTEL_FRAME_BYTES) != 0)
		return report_fail(device->report, -EIO, "another frame came back than was sent",
				   NULL);
	report_evidence(device->report, "moved",
			"a frame of %d bytes sent, looped in the PHY and received, compared",
			INTEL_FRAME_BYTES);
	return CLIMB_PASS;
}

/* What a virtual function sends to itself, the switch in the controller does not give back. */
static int igbvf_move(struct dma_device *device)
{
	int r = intel_send(device);

	if (r < 0)
		return report_fail(device->report, r, "a descriptor is not written back", NULL);
	report_evidence(device->report, "moved",
			"16 bytes of a descriptor read and written back, with a frame of %d bytes "
			"addressed to itself",
			INTEL_FRAME_BYTES);
	return CLIMB_PASS;
}

static int loop_write_to(struct dma_device *device, uint64_t iova)
{
	const char *failed;
	int r = loop(device, iova, &failed);

	return r < 0 ? r : 0;
}

static int e1000_raise(struct dma_device *device)
{
	dma_write(device, 0, IVAR, IVAR_RECEIVE);
	dma_write(device, 0, IMS, CAUSE_LINK | CAUSE_RECEIVE);
	dma_write(device, 0, ICS, CAUSE_LINK | CAUSE_RECEIVE);
	return 0;
}

static void e1000_settle(struct dma_device *device)
{
	dma_write(device, 0, IMC, UINT32_MAX);
	dma_read(device, 0, ICR);
}

static int igb_raise(struct dma_device *device)
{
	const struct intel *intel = device->state;

	if (!intel->virtual)
		dma_write(device, 0, GPIE, GPIE_MSIX);
	dma_write(device, 0, EIMS, 1);
	dma_write(device, 0, EICS, 1);
	return 0;
}

static void igb_settle(struct dma_device *device)
{
	dma_write(device, 0, EIMC, UINT32_MAX);
}

static bool ring_is_set(struct dma_device *device)
{
	return dma_read(device, 0, INTEL_TDBAL) == (uint32_t)device->iova &&
	       dma_read(device, 0, INTEL_TDLEN);
}

static bool queue_is_on(struct dma_device *device)
{
	return dma_read(device, 0, INTEL_TXDCTL) & INTEL_QUEUE_ENABLE;
}

static void stop(struct dma_device *device)
{
	reset_by_register(device);
}

const struct dma_class dma_e1000 = {
	.name = "e1000, e1000e",
	.address_bits = 64,
	.telling = INTEL_LEDCTL,
	.claims = e1000_claims,
	.start = e1000_start,
	.move = loop_move,
	.write_to = loop_write_to,
	.raise = e1000_raise,
	.settle = e1000_settle,
	.marked = ring_is_set,
	.mark_name = "the ring's place and length",
	.stop = stop,
};

const struct dma_class dma_igb = {
	.name = "igb",
	.address_bits = 64,
	.telling = INTEL_LEDCTL,
	.claims = igb_claims,
	.start = igb_start,
	.move = loop_move,
	.write_to = loop_write_to,
	.raise = igb_raise,
	.settle = igb_settle,
	.marked = ring_is_set,
	.mark_name = "the ring's place and length",
	.stop = stop,
};

const struct dma_class dma_igbvf = {
	.name = "igbvf",
	.address_bits = 64,
	.telling = INTEL_STATUS,
	.claims = igbvf_claims,
	.start = igbvf_start,
	.move = igbvf_move,
	.write_to = intel_send_counted,
	.raise = igb_raise,
	.settle = igb_settle,
	.marked = queue_is_on,
	.mark_name = "the queue's being on",
	.stop = stop,
};
