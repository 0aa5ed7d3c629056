/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "prove/dma_class.h"

/*
 * Intel's gigabit controllers share their first queue's registers and 16-byte descriptors.
 * Source: 82574, 82576 and 82540EM software developer's manuals; I350 datasheet
 */
enum intel_register {
	INTEL_CTRL = 0x0000,
	INTEL_STATUS = 0x0008,
	INTEL_MDIC = 0x0020,
	INTEL_RCTL = 0x0100,
	INTEL_TCTL = 0x0400,
	INTEL_LEDCTL = 0x0e00, /* after each reset as the board wants it */
	INTEL_RDBAL = 0x2800,
	INTEL_RDLEN = 0x2808,
	INTEL_SRRCTL = 0x280c,
	INTEL_RDH = 0x2810,
	INTEL_RDT = 0x2818,
	INTEL_RXDCTL = 0x2828,
	INTEL_TDBAL = 0x3800,
	INTEL_TDLEN = 0x3808,
	INTEL_TDH = 0x3810,
	INTEL_TDT = 0x3818,
	INTEL_TXDCTL = 0x3828,
	INTEL_TDWBAL = 0x3838, /* where the head is written to, in place of descriptors */
	INTEL_RAL = 0x5400,
	INTEL_RAH = 0x5404,

	INTEL_QUEUE_ENABLE = 1 << 25, /* of RXDCTL, TXDCTL */
	INTEL_RESET = 1 << 26,	      /* of CTRL, and of VTCTRL at the same place */
};

/**
 * struct intel - one controller as it is driven here
 * @advanced: it takes advanced descriptors, and its queues have to be enabled
 * @virtual: a virtual function: a mailbox to the PF in place of a PHY
 * @mac: its own address; every frame goes from it to it
 * @sent, @received: the next descriptor of each ring
 */
struct intel {
	bool advanced, virtual;
	uint8_t mac[6];
	unsigned int sent, received;
};

/* intel_link_loop - what is sent comes back inside the PHY and never reaches the wire */
int intel_link_loop(struct dma_device *device);

/* intel_mailbox_reset - tell the PF of a reset, as its driver wants it; gets the address.
 * CLIMB_PASS, or CLIMB_CANNOT_TELL with a hint: the PF does not answer */
int intel_mailbox_reset(struct dma_device *device);

/* intel_rings_start - both rings, empty */
int intel_rings_start(struct dma_device *device);

/* intel_offer - a buffer to receive into; 0 */
void intel_offer(struct dma_device *device, uint64_t address);

/* intel_send - one frame from our memory, and wait until its descriptor is written back */
int intel_send(struct dma_device *device);

/* intel_send_counted - likewise, the head written to @address; waits by the register */
int intel_send_counted(struct dma_device *device, uint64_t address);

/* intel_received - wait until the offered buffer was used; bytes, -ETIMEDOUT */
int intel_received(struct dma_device *device, unsigned int limit_ms);

/* The frame that is sent, and where it is received, in our memory. */
enum { INTEL_FRAME = 0x2000, INTEL_ROOM = 0x3000, INTEL_FRAME_BYTES = 256 };
