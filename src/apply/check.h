/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"
#include "base/error.h"
#include "plan/action.h"
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
