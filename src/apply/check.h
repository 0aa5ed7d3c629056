/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"
#include "base/error.h"
#include "plan/goal.h"
#include "sys/world.h"

/**
 * check_action - whether one action may be done now: the target is the planned one, and its
 * value the expected one
 * @ret: what is there, for the journal
 *
 * Return: 0; -ENODEV when the target is not there; -ESTALE when it or its value is another;
 *         other negative errno when that could not be told
 */
int check_action(const struct via_world *world, const struct via_action *action,
		 struct via_arena *arena, struct via_found *ret, struct via_error *error);

/**
 * check_plan - whether all of a plan may be done, and undone
 *
 * Targets that an earlier action makes (VFs) are left to check_action() at their turn.
 *
 * Return: as check_action(); -EINVAL when the plan could not be carried out or taken back
 */
int check_plan(const struct via_world *world, const struct via_plan *plan, struct via_error *error);

/**
 * check_settle - have a plan say of what is there already what it has now
 *
 * A step that goes from VIA_AS_MADE on a target that no step of the plan makes gets the value that
 * is read, and goes where that is the wanted one. What only the kernel's answers tell is left as
 * it is where @world has no effects.
 */
void check_settle(const struct via_world *world, struct via_plan *plan);
