/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* One line of what the query VIA_ASK_VDPA answers (sys/query.h). */
struct via_vdpa_line {
	enum { VIA_VDPA_LINE_MANAGEMENT, VIA_VDPA_LINE_DEVICE } kind;
	const char *bus, *name; /* of the management device; bus "" for none */
	const char *device;	/* VIA_VDPA_LINE_DEVICE: the device's own name */
	uint64_t classes, features, id;
	unsigned int max_queues;
};

/**
 * vdpa_answer_next - the next line that is understood; others are passed over
 * @at: where to go on; NULL at the end
 *
 * "mgmtdev BUS|- NAME CLASSES FEATURES QUEUES", "dev DEVICE BUS|- NAME ID QUEUES"; the first
 * two numbers are hex
 */
bool vdpa_answer_next(struct via_arena *arena, const char **at, struct via_vdpa_line *ret);
