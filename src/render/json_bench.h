/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "model/bench.h"

/* json_bench - {"schema": "viaduct.bench/1", …}; owned by the caller */
json_t *json_bench(const struct via_bench *bench);

/**
 * bench_from_json - what a comparison needs of an earlier result: ids, medians, the host
 * @where: for the error
 * @ret: to be given back with bench_free(); untouched on failure
 *
 * Return: 0; -EBADMSG it is no viaduct.bench/1
 */
int bench_from_json(const json_t *object, const char *where, struct via_bench *ret,
		    struct via_error *error);
