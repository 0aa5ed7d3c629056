/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"
#include "sys/world.h"

/**
 * undo_left - where our words stay, although the file they were put into is as before
 * @n: of the transaction: a boot entry, or the line that later kernels get; else nothing is told
 *
 * A kernel that was installed since has an entry of its own, made from that line. It is its
 * owner's: it is told, with what takes the words out, and not touched.
 *
 * Return: lines for a person, in @arena; NULL: nowhere
 */
const char *undo_left(const struct via_world *world, const struct via_transaction *transaction,
		      size_t n, struct via_arena *arena);
