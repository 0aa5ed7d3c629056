/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/action.h"

/*
 * Steps on several functions that do not depend on each other. They are done in stages: of each
 * function the first step that is left. What a stage is about to do is one record of the journal,
 * and so is what became of it; a driver that sleeps while it lets one go (vfio-pci 40 ms in the
 * kernel) keeps no other waiting.
 */

/**
 * struct via_abreast - one such step
 * @target: NULL once it is picked, or where nothing is left to do
 * @slot: of functions of one card that their own drivers let go, one after another: graphics and
 *        its sound know of each other; NULL where the drivers do not
 */
struct via_abreast {
	const char *target, *slot;
};

/* abreast_may - of a function's driver, which moves whatever other functions do meanwhile */
bool abreast_may(const struct via_action *action);

/* abreast_slot - what @action has to wait its turn for, "0000:01:00"; NULL */
const char *abreast_slot(struct via_arena *arena, const struct via_action *action);

/**
 * abreast_pick - the next stage
 * @steps: in their order; those picked are marked so
 * @ret: their places
 *
 * Return: how many; 0: nothing is left
 */
size_t abreast_pick(struct via_abreast *steps, size_t count, size_t *ret);
