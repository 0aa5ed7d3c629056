/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/declared.h"

/**
 * declared_refuse_clashes - refuse entries that want the same function, told by other marks:
 * twice in one section, or as a parent of virtual functions and as a whole for guests
 * @only: those of one entry; NULL: all of them
 */
void declared_refuse_clashes(const struct via_host *host, const struct via_declaration *declaration,
			     const struct via_declared_entry *only, struct via_plan *plan);
