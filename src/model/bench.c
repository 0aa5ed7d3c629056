/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/bench.h"

#include <stdlib.h>
#include <string.h>

const char *generation_name(enum via_generation generation)
{
	static const char *const names[] = {
		[VIA_GENERATION_TRAP] = "trap-and-emulate",
		[VIA_GENERATION_KERNEL] = "in-kernel",
		[VIA_GENERATION_VIRTIO] = "virtio",
		[VIA_GENERATION_VHOST] = "vhost",
		[VIA_GENERATION_VFIO] = "VFIO",
		[VIA_GENERATION_VHOST_USER] = "vhost-user",
		[VIA_GENERATION_MDEV] = "mdev",
		[VIA_GENERATION_VDPA] = "vDPA",
		[VIA_GENERATION_VDUSE] = "VDUSE",
		[VIA_GENERATION_DMA] = "DMA mapping",
	};

	_Static_assert(VIA_COUNT(names) == VIA_GENERATIONS, "each has a name");
	return names[generation];
}

void bench_init(struct via_bench *ret)
{
	*ret = (struct via_bench){ .arena = arena_new() };
}

void bench_free(struct via_bench *bench)
{
	arena_free(bench->arena);
	*bench = (struct via_bench){ 0 };
}

const struct via_measure *bench_measure(const struct via_bench *bench, const char *id)
{
	via_for_each (measure, &bench->measures)
		if (strcmp(measure->id, id) == 0)
			return measure;
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Between two neighbours where the place is not a whole number. */
static double at_share(const double *sorted, size_t count, double share)
{
	double place = share * (double)(count - 1);
	size_t below = (size_t)place;

	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

bool bench_measured(const struct via_bench *bench)
{
	via_for_each (measure, &bench->measures)
		if (measure->count)
			return true;
	return false;
}

void bench_settle(struct via_bench *bench, struct via_measure *measure, const double *samples,
		  size_t count)
{
	double *sorted;

	if (!count)
		return;
	sorted = arena_memdup(bench->arena, samples, count * sizeof(*samples));
	qsort(sorted, count, sizeof(*sorted), by_value);
	measure->samples = sorted;
	measure->count = count;
	measure->low = at_share(sorted, count, 0.25);
	measure->median = at_share(sorted, count, 0.5);
	measure->high = at_share(sorted, count, 0.75);
}

void bench_judge(struct via_bench *bench)
{
	static const struct via_order orders[] = {
		{ "exit-port-out", "kick-port" },     { "exit-memory-write", "kick-memory" },
		{ "kick-port", "memory-mapped" },     { "kick-memory", "memory-mapped" },
		{ "exit-memory-read", "bar-mapped" }, { "bar-trapped", "bar-mapped" },
	};

	for (size_t i = 0; i < VIA_COUNT(orders); i++) {
		const struct via_measure *more = bench_measure(bench, orders[i].more);
		const struct via_measure *less = bench_measure(bench, orders[i].less);
		struct via_order *order = via_list_add(bench->arena, &bench->orders);

		*order = orders[i];
		order->known = more && less && more->count && less->count;
		/* the fastest runs: those that nothing else on the host disturbed */
		order->holds = order->known && more->samples[0] > less->samples[0];
	}
}

void bench_compare(struct via_bench *bench, const struct via_bench *earlier)
{
	via_for_each (measure, &bench->measures) {
		const struct via_measure *old = bench_measure(earlier, measure->id);

		if (!old || !old->count)
			continue;
		measure->earlier = old->median;
		if (old->note && (!measure->note || strcmp(old->note, measure->note) != 0))
			measure->earlier_note = arena_strdup(bench->arena, old->note);
	}
	bench->earlier_time = occasion_of_earlier(bench->arena, &bench->host, &earlier->host);
}
