/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/step.h"
#include "base/error.h"
#include "plan/action.h"
#include "sys/world.h"

/**
 * apply_run - do a plan, all of it or nothing
 * @plan: its @refused part is the caller's to look at
 *
 * Everything is checked before the first change. Each action is then compared again,
 * recorded on disk, done and read back. One that fails is undone together with those
 * before it, in reverse. A change that still hangs in the kernel after its time limit
 * (-ETIMEDOUT) is not undone, since it may yet happen: apply_recover() does it, once the
 * kernel lets go.
 *
 * Needs:  root
 * Effect: the plan's; var/lib/viaduct/journal; run/viaduct.lock
 * Return: 0; -EROFS where nothing may be changed; -EBUSY another viaduct is at work, or an
 *         interrupted one has to be recovered first; -ESTALE the host is not as planned;
 *         the kernel's negative errno of the step that failed (in @error also whether the
 *         host is as before)
 */
int apply_run(const struct via_world *world, const struct via_plan *plan,
	      const struct via_apply_options *options, struct via_error *error);
