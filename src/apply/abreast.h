/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "plan/action.h"

/*
 * Steps on several functions that do not depend on each other. They are done in stages: of each
 * function the first step that is left. What a stage is about to do is one record of the journal,
 * and so is what became of it; a driver that sleeps while it lets one go (vfio-pci 40 ms in the
 * kernel) keeps no other waiting.
 */

/* abreast_may - of a function's driver, which moves whatever other functions do meanwhile */
bool abreast_may(const struct via_action *action);

/**
 * abreast_pick - the next stage
 * @targets: of each step that is left, in their order; of those picked NULL is put there
 * @ret: their places
 *
 * Return: how many; 0: nothing is left
 */
size_t abreast_pick(const char **targets, size_t count, size_t *ret);
