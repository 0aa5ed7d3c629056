/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/declaration.h"
#include "plan/goal.h"

/*
 * What a host declares itself to be, as a plan: only the difference from how it is. An entry
 * is one item of one section, and stands or falls alone.
 */
struct via_declared_entry {
	const char *section; /* as in the file: "sriov" */
	uint32_t index;	     /* within its section */
};

struct via_declared_entries {
	struct via_declared_entry *items;
	size_t count, capacity;
};

/* declared_entries - every entry, in the order in which they have to be made */
void declared_entries(struct via_arena *arena, const struct via_declaration *declaration,
		      struct via_declared_entries *ret);

/**
 * plan_declared - the actions that lead from the host as it is to what is declared
 *
 * A device that cannot be found is refused like one that may not be taken: the others are
 * still planned, so that all that is wrong is told at once.
 */
void plan_declared(struct via_arena *arena, const struct via_host *host,
		   const struct via_declaration *declaration, enum via_insistence insistence,
		   struct via_plan *ret);

/* plan_declared_entry - likewise of one entry alone */
void plan_declared_entry(struct via_arena *arena, const struct via_host *host,
			 const struct via_declaration *declaration,
			 const struct via_declared_entry *entry, enum via_insistence insistence,
			 struct via_plan *ret);
