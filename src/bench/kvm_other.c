/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/measure.h"

static int measure_nothing(const struct bench_context *context, const struct via_report *report)
{
	return bench_skip(report, "the guest that measures is written for x86");
}

const struct bench_item bench_kvm_items[] = {
	{ "exit-port-out", "port write, to user space and back", VIA_GENERATION_TRAP,
	  measure_nothing, NULL },
	{ 0 },
};
