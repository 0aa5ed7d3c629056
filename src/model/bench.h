/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/occasion.h"

/* The line of descent of I/O virtualization, each for what the one before it cost. */
enum via_generation {
	VIA_GENERATION_TRAP,
	VIA_GENERATION_KERNEL,
	VIA_GENERATION_VIRTIO,
	VIA_GENERATION_VHOST,
	VIA_GENERATION_VFIO,
	VIA_GENERATION_VHOST_USER,
	VIA_GENERATION_MDEV,
	VIA_GENERATION_VDPA,
	VIA_GENERATION_VDUSE,
	VIA_GENERATION_DMA,
	VIA_GENERATIONS,
};

/* generation_name - "trap-and-emulate", "in-kernel", "virtio" … */
const char *generation_name(enum via_generation generation);

/**
 * struct via_measure - what one operation cost, over repeated runs
 * @id: "exit-port-out", as in JSON
 * @samples: nanoseconds an operation, in rising order; empty: it was not measured, for @why
 * @operations: that each sample is the mean of
 * @earlier: the median of the run that it is compared with; 0 without one
 * @earlier_note: what that run really used, where it was something else; NULL
 * @bytes: that each operation moved; 0 where that says nothing
 * @why: NULL where it was measured
 */
struct via_measure {
	const char *id, *title;
	enum via_generation generation;
	const double *samples;
	size_t count;
	double median, low, high; /* low and high: the quartiles */
	double earlier;
	uint64_t operations, bytes;
	const char *note; /* what was really used: a node, an address, a domain; may be NULL */
	const char *earlier_note;
	const char *why;
};

/* What must hold whatever the machine: one kind of access costs more than another. */
struct via_order {
	const char *more, *less; /* ids */
	bool known, holds;
};

/**
 * struct via_bench - the ladder as measured once
 *
 * Owns its arena: bench_free() gives back everything.
 */
struct via_bench {
	struct via_arena *arena;
	struct via_occasion host;
	via_list(struct via_measure) measures;
	via_list(struct via_order) orders;
	const char *earlier_time; /* of the run it is compared with, and what else is different */
};

void bench_init(struct via_bench *ret);
void bench_free(struct via_bench *bench);
#define _cleanup_bench_ _cleanup_(bench_free)

/* bench_measure - the measure of that id, or NULL */
const struct via_measure *bench_measure(const struct via_bench *bench, const char *id);

/* bench_measured - whether any was measured */
bool bench_measured(const struct via_bench *bench);

/* bench_settle - copy samples into a measure and find its median and quartiles */
void bench_settle(struct via_bench *bench, struct via_measure *measure, const double *samples,
		  size_t count);

/* bench_judge - whether each order that physics demands holds; unknown where one was not measured
 */
void bench_judge(struct via_bench *bench);

/* bench_compare - note the medians of an earlier run, and in which ways its host was another */
void bench_compare(struct via_bench *bench, const struct via_bench *earlier);
