/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/undo_judge.h"

/* What the files of undoing share; @n: an entry's place, from 0. */

struct via_step_report undo_report_of(const struct undo *undo, size_t n);

/* undo_outcome - what became of an entry about which nothing was to be done */
enum via_step_outcome undo_outcome(enum undo_verdict verdict);

/* Each tells so in undo->error, and returns its code. */
int undo_failed(const struct undo *undo, const struct via_action *action, int code);
int undo_not_ours(const struct undo *undo, size_t n, const char *present);

/* undo_abreast_begin - how far back from @end entries of several functions go side by side, at
 * most to @first; @end where the last one is to be undone for itself */
size_t undo_abreast_begin(const struct undo *undo, size_t first, size_t end);

/**
 * undo_abreast - undo these entries: the last of each function, then those before …
 *
 * Of each such stage all are judged, then put back and read back, then that is on disk.
 *
 * Return: 0; negative errno, told in undo->error
 */
int undo_abreast(const struct undo *undo, size_t first, size_t end);
