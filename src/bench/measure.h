/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "bench/bench.h"
#include "model/bench.h"
#include "prove/child.h"

enum { METER_SAMPLES = 64, METER_WANTED = 63, METER_TEXT = 160 };

/* What a measurement in a child leaves for its parent, in memory that both share. */
struct bench_meter {
	double samples[METER_SAMPLES]; /* nanoseconds an operation */
	uint32_t count;
	uint64_t operations, bytes;
	char note[METER_TEXT];
};

struct bench_context {
	const struct via_root *root;
	const struct via_bench_options *options;
	const struct bench_item *item;
	struct bench_meter *meter;
};

/**
 * struct bench_item - one measurement
 * @measure: climbs like a rung of a proof, in a child: CLIMB_SKIP with a hint says why it cannot
 *           be measured here
 * @argument: for @measure, which may serve several items
 */
struct bench_item {
	const char *id, *title;
	enum via_generation generation;
	int (*measure)(const struct bench_context *context, const struct via_report *report);
	const void *argument;
};

/* Each generation's items, ended by one without an id. */
extern const struct bench_item bench_kvm_items[];
extern const struct bench_item bench_vhost_items[];
extern const struct bench_item bench_vhost_user_items[];
extern const struct bench_item bench_vdpa_items[];
extern const struct bench_item bench_vfio_items[];
extern const struct bench_item bench_driven_items[];
extern const struct bench_item bench_mdev_items[];
extern const struct bench_item bench_vduse_items[];
extern const struct bench_item bench_dma_items[];
extern const struct bench_item bench_host_disk_items[];

/* bench_skip - it cannot be measured here: printf form; returns CLIMB_SKIP */
int bench_skip(const struct via_report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * meter_run - repeat an operation in batches that take some milliseconds each
 * @batch: does @count operations; 0 or a negative errno
 * @most: operations in one batch, 0 for no limit
 */
int meter_run(struct bench_meter *meter, uint64_t most, int (*batch)(void *context, uint64_t count),
	      void *context);

/* meter_add - a sample that was measured otherwise */
void meter_add(struct bench_meter *meter, double nanoseconds);

/* meter_note - what was used, for the reader */
void meter_note(struct bench_meter *meter, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
