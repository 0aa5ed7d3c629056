/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "apply/history.h"
#include "apply/history_change.h"
#include "render/paper.h"

/*
 * What a transaction of the history did, told to a person and to a program.
 */

/* tell_changes - a line for each file, below the transaction's own */
void tell_changes(const struct via_paper *paper, const struct via_history_changes *changes);

/* tell_entries - all its steps, and the whole difference of each file */
void tell_entries(const struct via_paper *paper, const struct via_transaction *transaction,
		  const struct via_history_changes *changes);

/* json_changes - "files" of viaduct.history/1; @whole: with the differences */
json_t *json_changes(const struct via_history_changes *changes, bool whole);

/* json_entries - "steps" of one transaction */
json_t *json_entries(const struct via_transaction *transaction);
