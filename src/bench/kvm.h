/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "bench/guest.h"
#include "bench/measure.h"

/* kvm_open - CLIMB_PASS and a descriptor, or CLIMB_SKIP having said why */
int kvm_open(const struct bench_context *context, const struct via_report *report, int *ret);

/* What takes two threads: an interrupt's way to the guest's handler, and a whole round. */
int measure_interrupt(const struct bench_context *context, const struct via_report *report);
int measure_round_trip(const struct bench_context *context, const struct via_report *report);
