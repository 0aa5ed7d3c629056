/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * What VFIO answers in structures that grow: a fixed head and a chain of capabilities
 * behind it, each at an offset from the start of the head.
 */

/**
 * info_fetch - ask with a structure that says how long it is, again where it was too short
 * @head: the question, its first member argsz; copied
 * @ret: the answer, in @arena
 *
 * Return: 0; the kernel's negative errno; -EPROTO when the answer keeps growing
 */
int info_fetch(struct via_arena *arena, int fd, unsigned long request, const void *head,
	       size_t size, struct via_span *ret);

/**
 * info_capability - find a capability in an answer's chain
 * @first: offset of the first one; 0: there is no chain
 *
 * Return: whether it is there; a chain that loops or leads out of the answer ends
 */
bool info_capability(struct via_span info, uint32_t first, uint16_t id, uint32_t *ret_offset);

struct iova_range {
	uint64_t start, end; /* both inside */
};

/* What an IOMMU of type 1 lets a device address. */
struct iommu_limits {
	uint64_t page_sizes; /* a bit each; 0: not told */
	via_list(struct iova_range) ranges;
	bool available_known;
	uint32_t available; /* mappings left to make */
};

/* limits_decode - struct vfio_iommu_type1_info and its chain; -EBADMSG when it is cut short */
int limits_decode(struct via_arena *arena, struct via_span info, struct iommu_limits *ret);

/* limits_allow - whether a whole mapping is inside one range; so it is where none are told */
bool limits_allow(const struct iommu_limits *limits, uint64_t iova, uint64_t size);

/**
 * limits_pick - the lowest address for a mapping of @size, aligned to it, clear of page 0
 * @floor, @ceiling: no byte of it is below the one or above the other
 *
 * Return: 0; -ENOSPC when it fits in no range
 */
int limits_pick(const struct iommu_limits *limits, uint64_t floor, uint64_t ceiling, uint64_t size,
		uint64_t *ret);

/* limits_overlap - whether any byte from @start to @end (inside) could be mapped */
bool limits_overlap(const struct iommu_limits *limits, uint64_t start, uint64_t end);
