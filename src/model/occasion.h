/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"

/* When, and on what, a result was had: two of different hosts say little of each other. */
struct via_occasion {
	const char *time;				    /* UTC, ISO 8601 */
	const char *kernel;				    /* release */
	const char *cpu;				    /* model name */
	const char *microcode, *firmware, *board, *backend; /* each may be NULL: not told */
	const char
		*domain; /* of an IOMMU, that devices of the host begin with: "identity", "DMA" */
};

/* occasion_of_earlier - "2026-01-31T12:00:00Z, kernel 6.1": when, and what was other than now */
const char *occasion_of_earlier(struct via_arena *arena, const struct via_occasion *now,
				const struct via_occasion *then);
