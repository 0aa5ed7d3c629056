/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/names.h"
#include "sys/world.h"

/* How a function was bound: "" stands for no driver, and for no driver_override. */
struct via_former {
	const char *driver, *override;
};

/**
 * apply_former_driver - how a function was bound before viaduct took it
 * @address: as sysfs spells it
 * @ret: strings in @arena
 *
 * Told by the journal of this boot: back from the driver bound now, through the
 * transactions that led to it, to the first that was no driver for passing devices on.
 *
 * Return: 0; -ENOENT when viaduct did not bind what is bound now; other negative errno
 */
int apply_former_driver(const struct via_world *world, struct via_arena *arena, const char *address,
			struct via_former *ret);

/**
 * apply_last_host_driver - the driver of the host that a function was taken from, in any boot
 *
 * Return: 0; -ENOENT where the journal knows of none; a negative errno
 */
int apply_last_host_driver(const struct via_world *world, struct via_arena *arena,
			   const char *address, const char **ret);

/**
 * apply_taking_transaction - the transaction that took functions, where undoing it gives back
 * those and nothing else
 * @ret: its number, for apply_rollback()
 *
 * Return: 0; -ENOENT when viaduct did not bind what is bound now, or took others with them
 */
int apply_taking_transaction(const struct via_world *world, struct via_arena *arena,
			     const struct via_names *addresses, uint64_t *ret);
