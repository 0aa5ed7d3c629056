/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/*
 * An error as a person reads it: WHAT could not be done, on WHICH object, WHY, and what
 * to check next. The library fills it in; only the program prints it.
 */
struct via_error {
	int code;   /* negative errno; 0 while nothing went wrong */
	bool usage; /* it was asked for wrongly: no host would have done it */
	char what[128];
	char where[256];
	char why[384];
	char hint[384];
};

/**
 * error_set - describe a failure and return its code
 * @error: filled in; may be NULL when the caller does not want words
 * @code: negative errno
 * @what: the act that failed, in a few words
 * @where: the object: a path, an address, an option
 * @why: printf form; NULL stands for strerror(-code)
 *
 * Return: @code
 */
int error_set(struct via_error *error, int code, const char *what, const char *where,
	      const char *why, ...) __attribute__((format(printf, 5, 6)));

/* error_usage - likewise, of words that are wrong on any host; returns -EINVAL */
int error_usage(struct via_error *error, const char *what, const char *where, const char *why, ...)
	__attribute__((format(printf, 4, 5)));

/* error_hint - add what to check next; returns the error's code, or -EIO where there is none to
 * add to: what failed is no success */
int error_hint(struct via_error *error, const char *hint, ...)
	__attribute__((format(printf, 2, 3)));
