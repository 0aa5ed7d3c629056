/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * A library that is loaded when first needed: loading it, and the ones that it draws in, takes
 * longer than a small host takes to look at. Its calls go through a table of pointers.
 */
struct via_late_call {
	const char *name;
	size_t offset; /* of its pointer in the table */
};

/**
 * late_load - load a library and fill its table
 * @table: of @count pointers, where @calls says
 *
 * Return: whether the library is there, with all of @calls
 */
bool late_load(const char *soname, void *table, const struct via_late_call *calls, size_t count);
