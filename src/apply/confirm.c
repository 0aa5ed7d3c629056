/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/confirm.h"

#include <errno.h>
#include <inttypes.h>

#include "apply/busy.h"
#include "apply/lock.h"
#include "apply/undo.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "model/boot_trial.h"

int trial_look(const struct via_root *root, struct via_arena *arena, struct via_transaction *ret,
	       struct via_error *error)
{
	struct via_transactions all;
	int r = journal_read_all(root, arena, false, &all, error);

	if (r < 0)
		return r;
	via_for_each (transaction, &all) {
		if (!transaction_on_trial(transaction) &&
		    !(transaction->trial.state && transaction_unfinished(transaction)))
			continue;
		*ret = *transaction;
		return 0;
	}
	error_set(error, -ENOENT, "confirm", "the journal", "nothing is on trial");
	error_hint(error, "viaduct apply --trial puts a change on trial");
	return -ENOENT;
}

bool trial_is_booted(const struct via_root *root, const struct via_trial *trial)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact line = root_text(root, arena, "proc/cmdline");

	return fact_text(&line) &&
	       text_has_word(line.text, arena_printf(arena, TRIAL_WORD "=%s", trial->id));
}

static int check(const struct via_world *world, const struct via_transaction *transaction,
		 bool untried, struct via_error *error)
{
	if (transaction->state != VIA_TRANSACTION_COMMITTED) {
		error_set(error, -EBUSY, "confirm", transaction->file, "it was interrupted");
		return error_hint(error, "viaduct recover");
	}
	if (transaction->trial.state == VIA_TRIAL_CONFIRMING || untried ||
	    trial_is_booted(&world->root, &transaction->trial))
		return 0;
	error_set(error, -EAGAIN, "confirm", transaction->file,
		  "this boot is not the one that tries transaction %" PRIu64, transaction->id);
	return error_hint(error,
			  "reboot to try it; viaduct rollback %" PRIu64 " takes it back, "
			  "--force keeps it untried",
			  transaction->id);
}

int apply_confirm(const struct via_world *world, bool untried,
		  const struct via_apply_options *options, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_journal_ struct via_journal journal = VIA_JOURNAL_CLOSED;
	_cleanup_close_ int lock = -1;
	struct via_transaction transaction = { 0 };
	int r;

	if (!world->effects.ops)
		return error_set(error, -EROFS, "confirm", world->root.path,
				 "only the running host can be changed");
	r = lock_take(&world->root, &lock, error);
	if (r == 0)
		r = trial_look(&world->root, arena, &transaction, error);
	if (r == 0)
		r = check(world, &transaction, untried, error);
	if (r == 0)
		r = busy_check(&world->root, error);
	if (r == 0)
		r = journal_continue(&world->root, &transaction, &journal, error);
	return r < 0 ? r : undo_trial(world, &transaction, &journal, options, error);
}
