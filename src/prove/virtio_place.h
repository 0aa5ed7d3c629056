/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* Where the registers of a virtio function of today are, by its vendor capabilities. */
struct virtio_place {
	uint8_t bar;
	uint32_t offset;
};

struct virtio_places {
	struct virtio_place common, notify;
	uint32_t notify_multiplier;
};

/**
 * virtio_places_find - both of them, out of configuration space
 * @space: 256 bytes, or more
 *
 * Source: Virtual I/O Device (VIRTIO) Version 1.2, 4.1.4
 * Return: false: it has not both: a legacy device, or none of virtio
 */
bool virtio_places_find(struct via_span space, struct virtio_places *ret);
