/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "sys/world.h"

/**
 * struct via_virtfn - where a VF is managed: its PF, and its number there
 * @index: from 0, as in virtfnN
 */
struct via_virtfn {
	const char *physfn;
	unsigned int index;
};

/**
 * virtfn_find - the PF and the number of a VF
 * @address: as sysfs spells it
 *
 * Depth:  attributes
 * Return: 0; -EOPNOTSUPP it is no VF, or its PF has no link to it
 */
int virtfn_find(const struct via_world *world, const char *address, struct via_arena *arena,
		struct via_virtfn *ret);

/* virtfn_interface - the interface of a network PF itself, not of what represents a VF; or
 * NULL */
const char *virtfn_interface(const struct via_world *world, const char *physfn,
			     struct via_arena *arena);
