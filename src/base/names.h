/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A list of names in an arena (via_list_add() grows it). */
struct via_names {
	const char **items;
	size_t count, capacity;
};

/* names_have - whether @name is among them */
bool names_have(const struct via_names *names, const char *name);

/* names_sort - natural order: dmar2 before dmar10 */
void names_sort(struct via_names *names);
