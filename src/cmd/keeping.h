/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

#include "cmd/command.h"

/**
 * keeping_confirm - keep every change whose timer runs, and say which they were
 * @ret_count: how many
 * @last: nothing else is confirmed after it: with JSON, its object is the only one
 * Return: 0; negative errno
 */
int keeping_confirm(const struct via_session *session, bool last, size_t *ret_count,
		    struct via_error *error);
