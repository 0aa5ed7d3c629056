/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/names.h"
#include "base/span.h"

/*
 * How a host was when it was good, as viaduct baseline save writes it, a line each:
 *
 *   time 2026-01-31T12:00:00Z
 *   kernel 6.12.0-1-amd64
 *   firmware SeaBIOS 1.16.3
 *   function 0000:03:00.0 1234:11e8 group=0000:03:00.0,0000:03:00.1 reset=flr,bus
 *
 * A group is told by its members, since numbers of groups are given anew in each boot; those
 * that are bridges or virtual functions are left out. "-" stands for none, "?" for what could not
 * be read.
 */
struct via_baseline_function {
	const char *address, *ids, *group, *reset;
};

struct via_baseline {
	const char *time, *kernel, *firmware; /* "?" where they could not be read */
	via_list(struct via_baseline_function) functions;
};

/**
 * baseline_read - Return: 0; -EBADMSG with the line and the reason
 * @name: of the file, for errors
 */
int baseline_read(struct via_arena *arena, struct via_span text, const char *name,
		  struct via_baseline *ret, struct via_error *error);
