/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/undo.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "apply/busy.h"
#include "apply/lock.h"
#include "apply/target.h"
#include "apply/timer.h"
#include "base/cleanup.h"

/* @failed: why a trial is undone; NULL: it is none, or somebody wants it */
struct rollback {
	const struct via_world *world;
	const struct via_apply_options *options;
	struct via_arena *arena;
	struct via_error *error;
	struct via_transactions all;
	const char *boot_id, *failed;
};

static bool of_this_boot(const struct rollback *rollback, const struct via_transaction *transaction)
{
	return transaction->boot_id && strcmp(transaction->boot_id, rollback->boot_id) == 0;
}

static bool lives(const struct rollback *rollback, const struct via_transaction *transaction)
{
	return of_this_boot(rollback, transaction) || transaction_persists(transaction);
}

static void tell_void(const struct rollback *rollback, const struct via_transaction *transaction)
{
	for (size_t n = transaction->entries.count; n-- > 0;) {
		const struct via_action *action = &transaction->entries.items[n].action;
		const struct via_step_report report = {
			.outcome = VIA_STEP_VOID,
			.transaction = transaction->id,
			.n = n + 1,
			.total = transaction->entries.count,
			.kind = action->kind,
			.target = action->target,
			.old = action->wanted,
			.new = action->expected,
		};

		step_tell(rollback->options, &report);
	}
}

/* The journal says why before anything is undone: whatever happens then, it is known. */
static int note_failure(const struct rollback *rollback, const struct via_transaction *transaction,
			struct via_journal *journal)
{
	const char *why = rollback->failed;

	if (transaction->trial.state != VIA_TRIAL_PENDING)
		return 0;
	if (transaction->state == VIA_TRANSACTION_OPEN)
		why = "it was interrupted while it was put in place";
	return journal_trial(journal, VIA_TRIAL_FAILED, why ?: "taken back before it was decided",
			     rollback->error);
}

static int undo_one(const struct rollback *rollback, const struct via_transaction *transaction)
{
	_cleanup_journal_ struct via_journal journal = VIA_JOURNAL_CLOSED;
	bool dry = rollback->options->dry_run;
	int r = 0;

	if (transaction_persists(transaction))
		r = busy_check(&rollback->world->root, rollback->error);
	if (r == 0 && !dry)
		r = journal_continue(&rollback->world->root, transaction, &journal,
				     rollback->error);
	if (r == 0 && transaction->trial.state == VIA_TRIAL_CONFIRMING)
		return undo_trial(rollback->world, transaction, &journal, rollback->options,
				  rollback->error);
	if (r == 0 && !dry)
		r = note_failure(rollback, transaction, &journal);
	if (r < 0)
		return r;
	if (lives(rollback, transaction)) {
		r = undo_transaction(rollback->world, transaction,
				     of_this_boot(rollback, transaction), &journal,
				     rollback->options, rollback->error);
		if (r == 0 && !dry)
			timer_drop(&rollback->world->root, transaction->id);
		return r;
	}
	tell_void(rollback, transaction);
	return dry ? 0 : journal_mark(&journal, VIA_TRANSACTION_VOID, rollback->error);
}

/* The lock, which a dry run needs not, and the journal as it is under it. */
static int begin(struct rollback *rollback, int *ret_lock)
{
	const struct via_root *root = &rollback->world->root;
	int r;

	if (!rollback->world->effects.ops && !rollback->options->dry_run)
		return error_set(rollback->error, -EROFS, "undo", root->path,
				 "only the running host can be changed");
	r = rollback->options->dry_run ? 0 : lock_take(root, ret_lock, rollback->error);
	if (r == 0)
		r = journal_boot_id(root, rollback->arena, &rollback->boot_id, rollback->error);
	if (r == 0)
		r = journal_read_all(root, rollback->arena, false, &rollback->all, rollback->error);
	return r;
}

/* Nobody said in time that it is good, and whoever was to undo it is gone. */
static bool is_overdue(const struct rollback *rollback, const struct via_transaction *transaction)
{
	return transaction->state == VIA_TRANSACTION_COMMITTED &&
	       of_this_boot(rollback, transaction) &&
	       timer_left_ms(&rollback->world->root, transaction->id) == 0;
}

int apply_recover(const struct via_world *world, const struct via_apply_options *options,
		  struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_close_ int lock = -1;
	struct rollback rollback = {
		.world = world, .options = options, .arena = arena, .error = error
	};
	int r = begin(&rollback, &lock);

	for (size_t i = rollback.all.count; r == 0 && i-- > 0;)
		if (transaction_unfinished(&rollback.all.items[i]) ||
		    is_overdue(&rollback, &rollback.all.items[i]))
			r = undo_one(&rollback, &rollback.all.items[i]);
	return r;
}

static const struct via_transaction *choose(const struct rollback *rollback, uint64_t id)
{
	for (size_t i = rollback->all.count; i-- > 0;) {
		const struct via_transaction *transaction = &rollback->all.items[i];

		if (id ? transaction->id == id
		       : transaction->state == VIA_TRANSACTION_COMMITTED &&
				    lives(rollback, transaction))
			return transaction;
	}
	return NULL;
}

static bool same_file(const struct via_action *top, const struct via_action *bottom)
{
	/* What programs make, they make again. */
	return top->kind == VIA_ACTION_FILE && bottom->kind == VIA_ACTION_FILE && !top->made_by &&
	       !bottom->made_by && strcmp(top->target, bottom->target) == 0;
}

/* Whether one of them changes what the other made: the same target, or a VF of it. */
static bool builds_on(const struct rollback *rollback, const struct via_transaction *later,
		      const struct via_transaction *base)
{
	bool now = of_this_boot(rollback, later);

	via_for_each (top, &later->entries) {
		const char *physfn = now && target_is_function(&top->action)
					     ? target_physfn(rollback->world, top->action.target,
							     rollback->arena)
					     : NULL;

		via_for_each (bottom, &base->entries)
			if (same_file(&top->action, &bottom->action) ||
			    (now && target_is_function(&bottom->action) &&
			     target_is_function(&top->action) &&
			     (strcmp(bottom->action.target, top->action.target) == 0 ||
			      (physfn && strcmp(bottom->action.target, physfn) == 0))))
				return true;
	}
	return false;
}

static int check_top(const struct rollback *rollback, const struct via_transaction *chosen)
{
	via_for_each (later, &rollback->all) {
		if (later->id <= chosen->id || later->state != VIA_TRANSACTION_COMMITTED ||
		    !lives(rollback, later) || !builds_on(rollback, later, chosen))
			continue;
		error_set(rollback->error, -EBUSY, "undo", chosen->file,
			  "transaction %" PRIu64 " (%s) builds on it", later->id, later->goal);
		error_hint(rollback->error, "undo that one first: viaduct rollback %" PRIu64,
			   later->id);
		return -EBUSY;
	}
	return 0;
}

static int check_state(const struct rollback *rollback, const struct via_transaction *chosen,
		       uint64_t id)
{
	struct via_error *error = rollback->error;

	if (!chosen) {
		if (id)
			error_set(error, -ENOENT, "undo", "the journal",
				  "there is no transaction %" PRIu64, id);
		else
			error_set(error, -ENOENT, "undo", "the journal",
				  "nothing was done that is still to be undone");
		error_hint(error, "viaduct history lists what was done");
		return -ENOENT;
	}
	if (transaction_unfinished(chosen) && rollback->options->lend)
		return 0;
	if (transaction_unfinished(chosen)) {
		error_set(error, -EBUSY, "undo", chosen->file, "it was interrupted");
		error_hint(error, "viaduct recover");
		return -EBUSY;
	}
	if (chosen->state != VIA_TRANSACTION_COMMITTED)
		return error_set(error, -EALREADY, "undo", chosen->file, "it is %s already",
				 transaction_state_name(chosen->state));
	return lives(rollback, chosen) ? check_top(rollback, chosen) : 0;
}

int apply_rollback(const struct via_world *world, uint64_t id,
		   const struct via_apply_options *options, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_close_ int lock = -1;
	struct rollback rollback = {
		.world = world, .options = options, .arena = arena, .error = error
	};
	const struct via_transaction *chosen;
	int r = begin(&rollback, &lock);

	if (r < 0)
		return r;
	chosen = choose(&rollback, id);
	r = check_state(&rollback, chosen, id);
	return r < 0 ? r : undo_one(&rollback, chosen);
}

int apply_trial_failed(const struct via_world *world, const char *why,
		       const struct via_apply_options *options, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_close_ int lock = -1;
	struct rollback rollback = {
		.world = world, .options = options, .arena = arena, .error = error, .failed = why
	};
	int r = begin(&rollback, &lock);

	if (r < 0)
		return r;
	via_for_each (transaction, &rollback.all)
		if (transaction_on_trial(transaction))
			return undo_one(&rollback, transaction);
	error_set(error, -ENOENT, "undo", "the journal", "nothing is on trial");
	error_hint(error, "viaduct history lists what was done");
	return -ENOENT;
}
