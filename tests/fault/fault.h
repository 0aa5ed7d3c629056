/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "sys/memtree.h"

/*
 * What can go wrong with one path of a host. Those that are @untold hide what is there: the
 * rest of the program may say that it does not know, and nothing else that is new.
 */
struct fault {
	const char *name;
	bool untold;
	bool (*applies)(const struct via_memtree_node *node);
	void (*apply)(struct via_memtree_node *node);
};

extern const struct fault faults[];
extern const size_t fault_count;
