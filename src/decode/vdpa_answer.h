/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* How a vDPA device is set up; what the device does not tell is NULL. */
struct via_vdpa_config {
	const char *mac, *mtu, *max_vqp; /* as words: "02:…", "1500", "1" */
	const char *features;		 /* "0x300020027" */
	const char *capacity;		 /* of a disk, in sectors of 512 bytes */
};

/* One line of what the query VIA_ASK_VDPA answers (sys/query.h). */
struct via_vdpa_line {
	enum { VIA_VDPA_LINE_MANAGEMENT, VIA_VDPA_LINE_DEVICE, VIA_VDPA_LINE_CONFIG } kind;
	const char *bus, *name; /* of the management device; bus "" for none */
	const char *device;	/* the device's own name; not of a management device */
	uint64_t classes, features, id;
	unsigned int max_queues;
	struct via_vdpa_config config;
};

/**
 * vdpa_answer_next - the next line that is understood; others are passed over
 * @at: where to go on; NULL at the end
 *
 * "mgmtdev BUS|- NAME CLASSES FEATURES QUEUES", "dev DEVICE BUS|- NAME ID QUEUES"; the first
 * two numbers are hex. "config DEVICE KEY=VALUE…", behind the line of its device
 */
bool vdpa_answer_next(struct via_arena *arena, const char **at, struct via_vdpa_line *ret);
