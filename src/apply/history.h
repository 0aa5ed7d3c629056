/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"

/**
 * struct via_history - what was done to this host, oldest first
 * @boot_id: of the running boot; NULL when it cannot be told
 */
struct via_history {
	struct via_fact journal; /* its folder; unknown: a captured tree that does not tell */
	struct via_transactions transactions;
	const char *boot_id;
};

/**
 * history_read - list the journal; a damaged file is listed as such
 * Needs:  root, as the journal is root's alone
 * Return: 0, also when nothing was ever done; a negative errno when it cannot be looked at
 */
int history_read(const struct via_root *root, struct via_arena *arena, struct via_history *ret,
		 struct via_error *error);

/* history_of_this_boot - whether all that a transaction did may still be so */
bool history_of_this_boot(const struct via_history *history,
			  const struct via_transaction *transaction);

/* history_lives - whether any of it may: committed, in this boot or persistently */
bool history_lives(const struct via_history *history, const struct via_transaction *transaction);
