/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "plan/action.h"
#include "sys/world.h"

/**
 * sriov_why - put the cause of a refused count of VFs into an error, with its evidence
 * @code: negative errno of the write, or 0 where it made fewer
 *
 * Depth: attributes, and the kernel's log
 */
void sriov_why(const struct via_world *world, const struct via_action *action, const char *value,
	       int code, struct via_error *error);
