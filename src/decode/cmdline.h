/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* One word of a kernel command line; value NULL where there is no '='. */
struct via_parameter {
	const char *name;
	const char *value;
};

struct via_cmdline {
	struct via_parameter *items;
	size_t count, capacity;
};

/**
 * cmdline_decode - split as the kernel does: blanks separate, double quotes protect them,
 * what follows a lone "--" belongs to init and is left out
 *
 * Source: next_arg() in lib/cmdline.c, parse_args() in kernel/params.c
 */
void cmdline_decode(struct via_arena *arena, const char *text, struct via_cmdline *ret);

/* parameter_is - whether names are equal as the kernel compares them ('-' is '_') */
bool parameter_is(const struct via_parameter *parameter, const char *name);

/* cmdline_last - the last parameter of that name, which is the one most handlers keep */
const struct via_parameter *cmdline_last(const struct via_cmdline *cmdline, const char *name);

/**
 * cmdline_has_option - whether any `name=a,b,c` of the line holds @option as one of its
 * comma-separated words (intel_iommu=on,sm_on holds both)
 */
bool cmdline_has_option(const struct via_cmdline *cmdline, const char *name, const char *option);
