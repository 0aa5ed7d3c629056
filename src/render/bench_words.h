/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "model/bench.h"

/* words_duration - nanoseconds as a person reads them: "0.31 ns", "27.1 µs"; "us" without @utf8 */
const char *words_duration(struct via_arena *arena, double nanoseconds, bool utf8);

/* words_rate - operations a second: "36.9 k", "1.20 M" */
const char *words_rate(struct via_arena *arena, double a_second);

/* words_host - "AMD EPYC, Linux 6.1, KVM by kvm_amd, microcode 0x1, firmware 2.0": what is told */
const char *words_host(struct via_arena *arena, const struct via_occasion *host);

/* words_ratio - how a measure compares with the earlier one: "1.02x"; NULL without one */
const char *words_ratio(struct via_arena *arena, const struct via_measure *measure);
