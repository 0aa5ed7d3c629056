/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void describe(struct via_error *error, int code, const char *what, const char *where)
{
	*error = (struct via_error){ .code = code };
	snprintf(error->what, sizeof(error->what), "%s", what);
	snprintf(error->where, sizeof(error->where), "%s", where);
}

int error_set(struct via_error *error, int code, const char *what, const char *where,
	      const char *why, ...)
{
	va_list arguments;

	if (!error)
		return code;
	describe(error, code, what, where);
	if (!why) {
		snprintf(error->why, sizeof(error->why), "%s", strerror(-code));
		return code;
	}
	va_start(arguments, why);
	vsnprintf(error->why, sizeof(error->why), why, arguments);
	va_end(arguments);
	return code;
}

int error_usage(struct via_error *error, const char *what, const char *where, const char *why, ...)
{
	va_list arguments;

	if (!error)
		return -EINVAL;
	describe(error, -EINVAL, what, where);
	error->usage = true;
	va_start(arguments, why);
	vsnprintf(error->why, sizeof(error->why), why, arguments);
	va_end(arguments);
	return -EINVAL;
}

int error_hint(struct via_error *error, const char *hint, ...)
{
	va_list arguments;

	if (!error)
		return -EIO;
	va_start(arguments, hint);
	vsnprintf(error->hint, sizeof(error->hint), hint, arguments);
	va_end(arguments);
	return error->code;
}
