/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "plan/action.h"

/* hang_tell - describe a change that still hangs in the kernel, and where; -ETIMEDOUT */
int hang_tell(const struct via_action *action, struct via_error *error);
