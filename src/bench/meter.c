/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stdio.h>

#include "bench/measure.h"
#include "prove/clock.h"

/* A batch is long enough for the clock, and so short that a disturbed one does not count. */
enum { BATCH_NS = 1000000 };

void meter_add(struct bench_meter *meter, double nanoseconds)
{
	if (meter->count == METER_SAMPLES)
		return;
	meter->samples[meter->count] = nanoseconds;
	/* the parent may look at any time, should we hang in the next one */
	__atomic_store_n(&meter->count, meter->count + 1, __ATOMIC_RELEASE);
}

void meter_note(struct bench_meter *meter, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(meter->note, sizeof(meter->note), format, arguments);
	va_end(arguments);
}

static int time_batch(int (*batch)(void *context, uint64_t count), void *context, uint64_t count,
		      double *ret_ns)
{
	double start = clock_ms();
	int r = batch(context, count);

	*ret_ns = (clock_ms() - start) * 1e6;
	return r;
}

/* find_count - so many that a batch takes its time; the first tries warm up as well */
static int find_count(uint64_t most, int (*batch)(void *context, uint64_t count), void *context,
		      uint64_t *ret)
{
	uint64_t count = 1;

	for (;;) {
		double ns;
		int r = time_batch(batch, context, count, &ns);

		if (r < 0)
			return r;
		if (ns >= BATCH_NS / 2.0 || (most && count * 2 > most) || count >= 1ULL << 30)
			break;
		count *= 2;
	}
	*ret = count;
	return 0;
}

int meter_run(struct bench_meter *meter, uint64_t most, int (*batch)(void *context, uint64_t count),
	      void *context)
{
	uint64_t count = 1;
	int r = find_count(most, batch, context, &count);

	meter->operations = count;
	for (int i = 0; r >= 0 && i < METER_WANTED; i++) {
		double ns;

		r = time_batch(batch, context, count, &ns);
		if (r >= 0)
			meter_add(meter, ns / (double)count);
	}
	return r;
}
