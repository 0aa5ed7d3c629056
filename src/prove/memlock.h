/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "prove/report.h"
#include "sys/root.h"

/**
 * memlock_raise - let this process lock as much memory as it may, and say how much that is
 * @needed: bytes that are about to be locked
 * @counted_by: "process" or "user": whose locked memory the kernel adds up
 *
 * Cites what is needed, the limit, what this process has locked already (which is no more
 * than a part of it where the user is counted), and whether the limit counts at all.
 *
 * Effect: raises the soft limit of this process to the hard one
 * Source: vfio_lock_acct() in vfio_iommu_type1.c, do_update_pinned() in iommufd/pages.c
 */
void memlock_raise(const struct via_root *root, const struct via_report *report, uint64_t needed,
		   const char *counted_by);
