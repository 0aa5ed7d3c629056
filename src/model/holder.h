/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/fact.h"
#include "base/names.h"

/* How much the host would miss it. */
enum via_loss {
	VIA_LOSS_USE,	/* somebody's work would stop */
	VIA_LOSS_VITAL, /* the host, or the way to it, would be gone */
	VIA_LOSSES,
};

/**
 * struct via_holder - one user of a device
 * @by: "mount", "swap", "block", "zfs", "net", "display", "input", "console", "mdev",
 *      "process"; "vfio" for who has it open through VFIO, which cannot be overruled: the
 *      kernel waits until it lets go
 * @what: in words: "nvme0n1p2 is mounted on /"
 * @loses: what the host would lose, in words
 */
struct via_holder {
	const char *by;
	const char *what;
	const char *loses;
	enum via_loss loss;
};

struct via_holders {
	struct via_holder *items;
	size_t count, capacity;
};

/**
 * struct via_lifelines - by which interfaces the host is reached
 * @asked: only where a function has an interface that is up
 * @routes: that carry a default route
 * @sessions: over which somebody is logged in (SSH)
 */
struct via_lifelines {
	bool asked;
	struct via_fact routes_known, sessions_known;
	struct via_names routes, sessions;
};

/* loss_name - "in-use" or "vital" */
const char *loss_name(enum via_loss loss);

/* holders_worst - the first of the worst of them; NULL when there is none */
const struct via_holder *holders_worst(const struct via_holders *holders);

/* holder_can_be_overruled - whether insisting could help at all */
bool holder_can_be_overruled(const struct via_holder *holder);

/* holder_remedy - how to end that use, in a few words */
const char *holder_remedy(const struct via_holder *holder);
