/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/effect.h"
#include "sys/query.h"
#include "sys/root.h"

/*
 * A host as the program meets it: what it looks through, what it asks, what it may change.
 * Tests hand the same commands a world whose kernel is a fake one.
 */
struct via_world {
	struct via_root root;
	struct via_queries queries;
	struct via_effects effects; /* ops NULL: nothing may be changed here */
};
