/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/fact.h"

/* One difference between what a host declares itself to be and how it is. */
struct via_drift {
	const char *what;	 /* "sriov-count 0000:02:00.0", or the refused device */
	const char *is, *wanted; /* NULL where it cannot be made at all */
	const char *why_not;
};

/**
 * struct via_declared - etc/viaduct/host.yaml beside the host
 * @looked: whether anybody asked; only `check`, `diff` and `snapshot` do
 * @file: whether it is there
 * @trouble: what is wrong with it; NULL for nothing
 * @untold: something that decides could not be read
 */
struct via_declared {
	bool looked;
	struct via_fact file;
	const char *trouble;
	bool untold;
	via_list(struct via_drift) drift;
};
