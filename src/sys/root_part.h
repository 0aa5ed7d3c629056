/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdarg.h>

#include "sys/root.h"

/* What the files of the root share. */

/* Absence on a live host is told by the kernel; a captured tree may just not hold it. */
struct via_fact root_failure(const struct via_root *root, const char *path, int error);

/* Whether a directory that is missing tells that what would be in it is absent. */
bool root_tells_absence(const struct via_root *root, const char *path);

/* Of the running kernel's own: no file there is a FIFO, and a read gives all of an attribute. */
bool root_is_sysfs(const struct via_root *root, const char *path);

#define FORMATTED_PATH(arena, format, path)                     \
	char *path;                                             \
	do {                                                    \
		va_list arguments;                              \
		va_start(arguments, format);                    \
		path = arena_vprintf(arena, format, arguments); \
		va_end(arguments);                              \
	} while (0)
