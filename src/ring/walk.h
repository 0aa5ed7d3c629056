/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ring/device.h"

/* chain_walk - follow a chain from its head; see ring_device_take() for what is refused */
int chain_walk(const struct ring_device *device, uint16_t head, struct ring_chain *ret);
