/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/fact.h"
#include "decode/baseline.h"

struct via_host;

#define BASELINE_PATH "var/lib/viaduct/baseline"

/* What differs from how it was. */
struct via_baseline_change {
	const char *what; /* "group of 0000:03:00.0" */
	const char *was, *is;
	bool grave; /* what a guest has may no longer be what it was given */
};

struct via_baseline_changes {
	struct via_baseline_change *items;
	size_t count, capacity;
};

/**
 * struct via_host_baseline - var/lib/viaduct/baseline beside the host
 * @looked: whether anybody asked; only `check`, `diff`, `snapshot` and `baseline` do
 * @file: whether it is there
 * @trouble: what is wrong with it; NULL for nothing
 * @untold: something that it holds could not be read now
 */
struct via_host_baseline {
	bool looked;
	struct via_fact file;
	const char *trouble;
	bool untold;
	struct via_baseline was;
	struct via_baseline_changes changes;
};

/* baseline_of - how a host is, in the words of a baseline; @time: now */
struct via_baseline baseline_of(struct via_arena *arena, const struct via_host *host,
				const char *time);

/* baseline_text - as it is written */
const char *baseline_text(struct via_arena *arena, const struct via_baseline *baseline);

/**
 * baseline_compare - what differs, the functions in the order of @was
 *
 * Where something could not be read, now or then, nothing is said of it but in @ret_untold. A
 * function that came since is no change; that it joined another's group is.
 */
void baseline_compare(struct via_arena *arena, const struct via_baseline *was,
		      const struct via_baseline *now, struct via_baseline_changes *ret,
		      bool *ret_untold);
