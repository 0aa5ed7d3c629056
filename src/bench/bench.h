/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "model/bench.h"
#include "model/host.h"
#include "sys/effect.h"
#include "sys/root.h"

/**
 * struct via_bench_options - what to measure
 * @only: ids or generations, as many as @only_count; 0: all
 * @device, @group: a function that is bound to a VFIO driver, of @host; NULL: those rungs are
 *                   left out
 * @disk: a block device of the host's that is read; NULL: that rung is left out
 * @effects: by which a device of the bus vdpa is made for a moment
 * @limit_ms: for one measurement; 0 stands for 5 s
 * @progress: called before each measurement; may be NULL
 */
struct via_bench_options {
	const char *const *only;
	size_t only_count;
	const struct via_host *host;
	const struct via_pci_device *device;
	const struct via_pci_group *group;
	const char *disk;
	const struct via_effects *effects;
	unsigned int limit_ms;
	void (*progress)(void *context, const char *title);
	void *context;
};

/**
 * bench_run - measure what each generation of I/O virtualization costs on this host
 * @root: the live host
 * @ret: filled in, to be given back with bench_free(); untouched on failure
 *
 * Each measurement has a child of its own with a time limit; what cannot be measured says why.
 *
 * Depth:  open
 * Effect: virtual machines of a few pages, rings between processes, a tap in a network
 *         namespace of its own, for as long as it takes; resets @device and vDPA simulators
 * Return: 0 whatever was measured; -EINVAL @root is not the live host; -ENOENT something in
 *         @only is neither an id nor a generation; -EAGAIN, -ENOMEM no process to be had
 */
int bench_run(const struct via_root *root, const struct via_bench_options *options,
	      struct via_bench *ret, struct via_error *error);
