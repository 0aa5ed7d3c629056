/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fact.h"

/* One line of a group's reserved_regions. */
struct reserved_region {
	uint64_t start, end; /* both inside */
	char type[32];	     /* direct, direct-relaxable, msi, reserved */
};

struct reserved_regions {
	via_list(struct reserved_region) list;
};

/**
 * reserved_read - what a group's addresses are reserved for
 * @fact: the text of sysfs; nothing is added where it is not known
 *
 * Source: iommu_group_show_resv_regions() in drivers/iommu/iommu.c
 */
void reserved_read(struct via_arena *arena, const struct via_fact *fact,
		   struct reserved_regions *ret);

/* reserved_for_good - no guest gets it; relaxable ones (USB, graphics) are given up for a guest */
bool reserved_for_good(const struct reserved_region *region);

/* reserved_directly - firmware claims it for a device of the group (RMRR, IVMD), for good */
bool reserved_directly(const struct reserved_region *region);
