/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/declared.h"

/**
 * struct via_section - one section of a declaration
 * @at: the member of struct via_declaration that holds it
 * @only: what its entry is called, where there is one at most; NULL: a list
 * @count, @stride: of a list, where its length stands, and the size of an entry
 * @label: of a list, where in an entry its name stands; with @marks the marks of a device
 * @plan: one of them
 * @plan_together: all of them at once; NULL: one after the other
 */
struct via_section {
	const char *name;
	size_t at;
	const char *only;
	size_t count, stride, label;
	bool marks;
	int (*plan)(const struct via_host *host, const struct via_declaration *declaration,
		    uint32_t index, struct via_plan *plan, struct via_error *error);
	void (*plan_together)(const struct via_host *host,
			      const struct via_declaration *declaration, struct via_plan *plan);
};

/* section_count / section_entry_name - how many entries one has, and what each is called */
uint32_t section_count(const struct via_section *section,
		       const struct via_declaration *declaration);
const char *section_entry_name(const struct via_section *section,
			       const struct via_declaration *declaration, uint32_t index);

/* section_marks - what an entry tells a device by; NULL where the section has no devices */
const struct via_declared_device *section_marks(const struct via_section *section,
						const struct via_declaration *declaration,
						uint32_t index);

/* section_tell_undeclared - devices that are held for guests, and stand in no entry any more */
void section_tell_undeclared(const struct via_host *host, const struct via_declaration *declaration,
			     struct via_plan *plan);

/* section_at - each in turn, in the order in which they have to be made; NULL at the end */
const struct via_section *section_at(size_t index);

/* section_refuse - an entry that could not be planned becomes a refusal */
void section_refuse(struct via_plan *plan, const char *name, int r, const struct via_error *error);
