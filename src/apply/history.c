/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/history.h"

#include <string.h>

#include "apply/journal_line.h"

int history_read(const struct via_root *root, struct via_arena *arena, struct via_history *ret,
		 struct via_error *error)
{
	struct via_history history = { 0 };
	int r = journal_read_all(root, arena, true, &history.transactions, error);

	if (r < 0)
		return r;
	history.journal = root_exists(root, arena, "%s", JOURNAL_DIRECTORY);
	journal_boot_id(root, arena, &history.boot_id, NULL);
	*ret = history;
	return 0;
}

bool history_of_this_boot(const struct via_history *history,
			  const struct via_transaction *transaction)
{
	return transaction->state == VIA_TRANSACTION_COMMITTED && history->boot_id &&
	       strcmp(history->boot_id, transaction->boot_id) == 0;
}

bool history_lives(const struct via_history *history, const struct via_transaction *transaction)
{
	return history_of_this_boot(history, transaction) ||
	       (transaction->state == VIA_TRANSACTION_COMMITTED &&
		transaction_persists(transaction));
}
