/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/intel.h"

#include <errno.h>
#include <string.h>

#include "prove/child.h"
#include "prove/clock.h"

enum {
	CTRL_GIGABIT_FORCED = 1 << 0 | 1 << 6 | 2 << 8 | 1 << 11 | 1 << 12, /* full, link up */
	STATUS_LINK = 1 << 1,
	LINK_MS = 1500,

	MDIC_PHY = 1 << 21,
	MDIC_WRITE = 1 << 26,
	MDIC_READY = 1 << 28,
	PHY_CONTROL = 0,
	PHY_NEGOTIATE = 0x1340,
	PHY_LOOPBACK = 0x4140, /* and gigabit, full duplex */

	MAILBOX = 0x0c40,
	MAILBOX_MEMORY = 0x0800,
	MAILBOX_REQUEST = 1 << 0,
	MAILBOX_TAKEN = 1 << 1, /* an acknowledgement of ours */
	MAILBOX_OURS = 1 << 2,
	MAILBOX_MESSAGE = 1 << 4,
	MAILBOX_ACKNOWLEDGED = 1 << 5,
	MESSAGE_RESET = 1,
};

/* Of the answer: done, and the function has an address; or done, and it has none yet. */
static const uint32_t MESSAGE_ADDRESS = 1U << 31, MESSAGE_RESULT = 3U << 30;

static const uint8_t own_address[] = { 0x02, 0, 0, 0, 0, 0x01 }; /* locally administered */

static int phy_write(const struct dma_device *device, uint32_t number, uint16_t value)
{
	dma_write(device, 0, INTEL_MDIC, value | number << 16 | MDIC_PHY | MDIC_WRITE);
	return dma_await(device, 0, INTEL_MDIC, MDIC_READY, MDIC_READY, DMA_PATIENCE_MS);
}

/* Without a cable there is no link to wait for, and the loop makes one. */
int intel_link_loop(struct dma_device *device)
{
	uint32_t control = dma_read(device, 0, INTEL_CTRL);
	int r = phy_write(device, PHY_CONTROL, PHY_NEGOTIATE);

	if (r == 0)
		dma_await(device, 0, INTEL_STATUS, STATUS_LINK, STATUS_LINK, LINK_MS);
	dma_write(device, 0, INTEL_CTRL, control | CTRL_GIGABIT_FORCED);
	return r < 0 ? r : phy_write(device, PHY_CONTROL, PHY_LOOPBACK);
}

/* Reading the mailbox's register clears what it says, so what was seen is gathered. */
static int await_mailbox(const struct dma_device *device, uint32_t wanted, uint32_t *seen)
{
	double deadline = clock_ms() + DMA_PATIENCE_MS;

	while (!(*seen & wanted)) {
		uint32_t value = dma_read(device, 0, MAILBOX);

		if (value == UINT32_MAX)
			return -ENODEV;
		*seen |= value;
		if (clock_ms() > deadline)
			return -ETIMEDOUT;
		clock_sleep_ms(1);
	}
	return 0;
}

static int take_mailbox(const struct dma_device *device)
{
	double deadline = clock_ms() + DMA_PATIENCE_MS;

	while (clock_ms() < deadline) {
		dma_write(device, 0, MAILBOX, MAILBOX_OURS);
		if (dma_read(device, 0, MAILBOX) & MAILBOX_OURS)
			return 0;
		clock_sleep_ms(1);
	}
	return -ETIMEDOUT;
}

/* Between our question and its answer the PF may say something else: that its link is up. */
static int await_answer(const struct dma_device *device, uint32_t seen, uint32_t answer[3])
{
	double deadline = clock_ms() + DMA_PATIENCE_MS;

	while (clock_ms() < deadline) {
		int r = await_mailbox(device, MAILBOX_MESSAGE, &seen);

		if (r < 0)
			return r;
		seen = 0;
		for (unsigned int i = 0; i < 3; i++)
			answer[i] = dma_read(device, 0, MAILBOX_MEMORY + 4 * i);
		dma_write(device, 0, MAILBOX, MAILBOX_TAKEN);
		if ((answer[0] & ~MESSAGE_RESULT) == MESSAGE_RESET && answer[0] & MESSAGE_RESULT)
			return 0;
	}
	return -ETIMEDOUT;
}

static int ask(const struct dma_device *device, uint32_t answer[3])
{
	uint32_t seen = 0;
	int r = take_mailbox(device);

	if (r < 0)
		return r;
	dma_write(device, 0, MAILBOX_MEMORY, MESSAGE_RESET);
	dma_write(device, 0, MAILBOX, MAILBOX_REQUEST);
	r = await_mailbox(device, MAILBOX_ACKNOWLEDGED, &seen);
	return r < 0 ? r : await_answer(device, seen, answer);
}

int intel_mailbox_reset(struct dma_device *device)
{
	struct intel *intel = device->state;
	uint32_t answer[3];
	int r = ask(device, answer);

	if (r == 0) {
		memcpy(intel->mac,
		       answer[0] & MESSAGE_ADDRESS ? (const uint8_t *)&answer[1] : own_address,
		       sizeof(intel->mac));
		return CLIMB_PASS;
	}
	report_evidence(device->report, "mailbox", "no answer of the PF: %s", errno_name(-r));
	report_hint(device->report, "a virtual function may only move data when the driver of its "
				    "PF allows it: bring the PF's interface up (ip link set NAME "
				    "up)");
	return CLIMB_CANNOT_TELL;
}
