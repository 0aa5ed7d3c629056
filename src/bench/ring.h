/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ring/driver.h"

/**
 * struct bench_ring - a ring whose device takes in what it is given
 * @data: where its buffers are, one for each entry, in the device's addresses
 * @buffer: bytes of each
 * @chain: what each request is instead, where that is no single buffer: first @readable ones
 */
struct bench_ring {
	struct ring_driver *driver;
	int kick, call;
	uint64_t data;
	uint32_t buffer;
	const struct ring_buffer *chain;
	unsigned int readable, writable;
};

/* Batches for meter_run(), their context a struct bench_ring: one request at a time, each waited
 * for asleep; or as many on their way as the ring holds. */
int ring_ask(void *context, uint64_t count);
int ring_stream(void *context, uint64_t count);
