/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/stage.h"
#include "sys/world.h"

/* Programs of viaduct's own (plan/trial.h), which make files like any other. */

/* make_own_is - whether a command is one of them */
bool make_own_is(const char *command);

/**
 * make_own - what one of them makes
 * @words: ended by NULL
 * @scratch: a directory of ours, relative to the root, for what is not there yet
 *
 * Return: 0; -EINVAL no such words; other negative errno, told in @ret_trouble
 */
int make_own(const struct via_world *world, const char *const *words, const char *scratch,
	     struct via_arena *arena, struct via_staged *ret, const char **ret_trouble);
