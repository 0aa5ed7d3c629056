/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/goal.h"

/**
 * struct via_handover - how one function is given away
 * @driver: vfio-pci, or a variant of it; NULL: the one that is made for the function
 * @reset: reset methods in the order in which they are tried, "flr bus"; "" for none at all;
 *         NULL: those that there are
 * @d3cold: whether it may lose all power in its sleep: "0", "1"; NULL: as it is
 */
struct via_handover {
	const struct via_pci_device *device;
	const char *driver, *reset, *d3cold;
};

/**
 * struct via_handover_when - when it is to hold: both, as far as this host lets it
 * @asked: one of the two was asked for alone
 * @declared: it is made again in each boot
 * @beside: others that plans of their own give away; no driver of theirs stands in the way
 */
struct via_handover_when {
	bool now, persistent, asked, declared;
	const struct via_handover *beside;
	size_t beside_count;
};

/**
 * plan_handover - hold functions for guests, all of them or none
 *
 * A driver that is named is obeyed. Else it is the one whose alias in modules.alias says most of
 * the function, as libvirt chooses: mlx5_vfio_pci rather than vfio-pci.
 */
void plan_handover(struct via_plan *plan, const struct via_host *host,
		   const struct via_handover *handovers, size_t count,
		   const struct via_handover_when *when);

/**
 * plan_handover_unmade - hold a VF for guests that earlier actions of the same plan make
 * @name: its address, as sysfs will spell it
 * @handover: how; its device is NULL
 */
void plan_handover_unmade(struct via_plan *plan, const struct via_host *host, const char *name,
			  const struct via_handover *handover);

/* plan_reset_words - "flr,bus" as the kernel spells it: "flr bus"; "none" is "" */
const char *plan_reset_words(struct via_arena *arena, const char *list);
