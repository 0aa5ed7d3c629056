/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/bench.h"
#include "sys/root.h"

/* bench_describe_host - when, and on what: results of different hosts are not compared */
void bench_describe_host(const struct via_root *root, struct via_bench *bench);
