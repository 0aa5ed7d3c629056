/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "prove/vfio_session.h"

struct vfio_interrupt {
	uint32_t index; /* VFIO_PCI_…_IRQ_INDEX */
	const char *name;
};

/* interrupt_choose - the best kind that the function has: MSI-X, MSI, INTx; NULL: none */
const struct vfio_interrupt *interrupt_choose(const struct vfio_session *session);

/**
 * interrupt_set - what the first vectors wake
 * @count: how many; 0 with @event NULL switches all of @index off
 * @event: the descriptor; NULL with a @count triggers them as if the function had
 *
 * Return: 0; the kernel's negative errno
 */
int interrupt_set(const struct vfio_session *session, uint32_t index, uint32_t count,
		  const int32_t *event);
