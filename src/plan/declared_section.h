/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/declared.h"

/**
 * struct via_section - one section of a declaration
 * @count: its entries
 * @plan: one of them
 * @plan_together: all of them at once; NULL: one after the other
 */
struct via_section {
	const char *name;
	uint32_t (*count)(const struct via_declaration *declaration);
	const char *(*entry_name)(const struct via_declaration *declaration, uint32_t index);
	int (*plan)(const struct via_host *host, const struct via_declaration *declaration,
		    uint32_t index, struct via_plan *plan, struct via_error *error);
	void (*plan_together)(const struct via_host *host,
			      const struct via_declaration *declaration, struct via_plan *plan);
};

/* section_at - each in turn, in the order in which they have to be made; NULL at the end */
const struct via_section *section_at(size_t index);

/* section_refuse - an entry that could not be planned becomes a refusal */
void section_refuse(struct via_plan *plan, const char *name, int r, const struct via_error *error);
