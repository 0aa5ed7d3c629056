/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/run.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "apply/busy.h"
#include "apply/check.h"
#include "apply/hang_tell.h"
#include "apply/journal.h"
#include "apply/lever.h"
#include "apply/lock.h"
#include "apply/run_part.h"
#include "apply/store.h"
#include "apply/target.h"
#include "apply/timer.h"
#include "apply/undo.h"
#include "base/cleanup.h"
#include "plan/file.h"

enum { APPEAR_LIMIT_MS = 5000 };

static bool persists(const struct via_plan *plan)
{
	via_for_each (action, &plan->actions)
		if (action_kind_persists(action->kind))
			return true;
	return false;
}

/* What is made beside it would be judged, kept and taken back with it. */
static int refuse_trial(const struct run *run, const struct via_transaction *transaction)
{
	error_set(run->error, -EBUSY, "apply", transaction->file,
		  "transaction %" PRIu64 " (%s) is on trial", transaction->id, transaction->goal);
	return error_hint(run->error, "let the next boot try it; or viaduct rollback %" PRIu64,
			  transaction->id);
}

static int refuse_unfinished(const struct run *run, const char *boot_id)
{
	struct via_transactions all;
	int r = journal_read_all(&run->world->root, run->arena, false, &all, run->error);

	if (r < 0)
		return r;
	via_for_each (transaction, &all) {
		if (transaction_on_trial(transaction) && persists(run->plan))
			return refuse_trial(run, transaction);
		if (!transaction_unfinished(transaction) ||
		    (strcmp(transaction->boot_id, boot_id) != 0 &&
		     !transaction_persists(transaction)))
			continue;
		error_set(run->error, -EBUSY, "apply", transaction->file,
			  "transaction %" PRIu64 " (%s) was interrupted", transaction->id,
			  transaction->goal);
		error_hint(run->error, "undo it first: viaduct recover");
		return -EBUSY;
	}
	return 0;
}

struct via_action run_action_at(const struct run *run, size_t n)
{
	struct via_action action = run->plan->actions.items[n];

	action.store = run->journal.store;
	return action;
}

struct via_step_report run_report_of(const struct run *run, size_t n)
{
	const struct via_action *action = &run->plan->actions.items[n];

	return (struct via_step_report){
		.outcome = VIA_STEP_DONE,
		.transaction = run->journal.id,
		.n = n + 1,
		.total = run->plan->actions.count,
		.kind = action->kind,
		.target = action->target,
		.waits = action->effect == VIA_EFFECT_REBOOT,
		.old = action->expected,
		.new = action->wanted,
		.why = action->why,
	};
}

static int dry_run(const struct run *run)
{
	for (size_t n = 0; n < run->plan->actions.count; n++) {
		struct via_step_report report = run_report_of(run, n);

		report.outcome = VIA_STEP_WOULD;
		step_tell(run->options, &report);
	}
	return 0;
}

int run_step_failed(const struct run *run, const struct via_action *action, int code,
		    const char *read_back)
{
	const char *kind = action_kind_name(action->kind);
	const char *wanted = action_shown(action->kind, action->wanted, run->arena);

	if (code == -ETIMEDOUT)
		return hang_tell(action, run->error);
	if (code < 0)
		return error_set(run->error, code, "apply", action->target,
				 "%s from \"%s\" to \"%s\": %s", kind,
				 action_shown(action->kind, action->expected, run->arena), wanted,
				 strerror(-code));
	return error_set(run->error, -EIO, "apply", action->target,
			 "%s was set to \"%s\" and reads back \"%s\"", kind, wanted,
			 action_shown(action->kind, read_back, run->arena));
}

/* What boots next is not told by every image, and a program may still have to be run. */
static bool untold_of_image(const struct run *run, const struct via_action *action,
			    struct via_step_report *report)
{
	if (action->kind != VIA_ACTION_GENERATE || !run->world->effects.files_only)
		return false;
	if (report->outcome != VIA_STEP_TO_RUN && *report->read_back)
		return false;
	report->read_back = NULL;
	return true;
}

/* What reads back as wanted may be another thing than was wanted. */
static int verify(const struct run *run, const struct via_action *action)
{
	const char *why = lever_verify(run->world, action, action->wanted, run->arena);

	return why ? error_set(run->error, -EIO, "apply", action->target, "%s is \"%s\", but %s",
			       action_kind_name(action->kind), action->wanted, why)
		   : 0;
}

int run_judge(const struct run *run, const struct via_action *action, int code,
	      const char *read_back)
{
	if (code == 0 &&
	    (strcmp(read_back, action->wanted) == 0 || strcmp(action->wanted, VIA_AS_MADE) == 0))
		return verify(run, action);
	run_step_failed(run, action, code, read_back);
	lever_explain(run->world, action, action->wanted, code, run->error);
	return run->error->code;
}

static int act_and_look(struct run *run, size_t n, struct via_step_report *report)
{
	const struct via_action at = run_action_at(run, n), *action = &at;
	uint64_t start = step_clock_ms();
	size_t number = run->noted;
	int r, r_look, r_journal;

	if (action->kind == VIA_ACTION_GENERATE) {
		r = run_program(run, action, report);
		if (r < 0)
			return r;
	} else {
		r = lever_set(run->world, action, action->wanted);
	}
	report->ms = step_clock_ms() - start;
	if (r == -ETIMEDOUT) /* it may still come true: no value read now would last */
		return run_step_failed(run, action, r, NULL);
	r_look = lever_get(run->world, action, run->arena, &report->read_back);
	if (r_look < 0)
		return run_step_failed(run, action, r < 0 ? r : r_look, NULL);
	r_journal = journal_done(&run->journal, number, report->read_back, run->error);
	if (r_journal < 0)
		return r_journal;
	if (r == 0 && untold_of_image(run, action, report))
		return 0;
	return run_judge(run, action, r, report->read_back);
}

int run_note_intent(struct run *run, const struct via_action *action, struct via_found *found)
{
	int r = 0;

	found->beside = lever_beside(run->world, action, run->arena);
	if (action->kind == VIA_ACTION_FILE)
		r = found->beside ? store_keep(&run->world->root, action, found->value) : -EIO;
	if (r < 0)
		return error_set(run->error, r, "keep the content of", action->target, NULL);
	return journal_intent(&run->journal, ++run->noted, action, found, run->error);
}

int run_compare(const struct run *run, const struct via_action *action, struct via_found *ret)
{
	int r = target_wait(run->world, action, APPEAR_LIMIT_MS);

	if (r == -ETIMEDOUT) {
		error_set(run->error, -ENODEV, "apply", action->target, "it did not appear");
		return -ENODEV;
	}
	if (r < 0) {
		error_set(run->error, r, "apply", action->target, NULL);
		return r;
	}
	return check_action(run->world, action, run->arena, ret, run->error);
}

static int do_step(struct run *run, size_t n)
{
	const struct via_action at = run_action_at(run, n), *action = &at;
	struct via_step_report report = run_report_of(run, n);
	struct via_found found;
	int r = run_compare(run, action, &found);

	if (r < 0)
		return r;
	report.old = found.value;
	if (strcmp(action->expected, VIA_AS_MADE) == 0 &&
	    strcmp(found.value, action->wanted) == 0) {
		report.outcome = VIA_STEP_ALREADY;
		report.read_back = found.value;
		step_tell(run->options, &report);
		return 0;
	}
	r = run_note_intent(run, action, &found);
	if (r < 0)
		return r;
	r = act_and_look(run, n, &report);
	if (r < 0)
		report.outcome = VIA_STEP_FAILED;
	step_tell(run->options, &report);
	return r;
}

/* @error says what failed; what became of the host goes into its hint. */
static void take_back(struct run *run)
{
	struct via_transaction transaction;
	struct via_error undo_error = { 0 };
	int r = journal_read(&run->world->root, run->arena, run->journal.id, &transaction,
			     &undo_error);

	if (r == 0)
		r = undo_transaction(run->world, &transaction, true, &run->journal, run->options,
				     &undo_error);
	if (r == 0 && *run->error->hint)
		error_hint(run->error, "%s; everything this run had changed is as before",
			   arena_strdup(run->arena, run->error->hint));
	else if (r == 0)
		error_hint(run->error, "everything this run had changed is as before");
	else
		error_hint(run->error, "undoing stopped: %.100s: %.200s (viaduct recover)",
			   undo_error.where, undo_error.why);
}

static int do_plan(struct run *run)
{
	size_t count = run->plan->actions.count, n = 0;
	int r = 0;

	while (r == 0 && n < count) {
		size_t first = n, end = run_abreast_end(run, first);

		n = end > first ? end : first + 1;
		r = end > first ? run_abreast(run, first, end) : do_step(run, first);
	}
	if (r == 0 && !run->options->lend)
		r = journal_mark(&run->journal, VIA_TRANSACTION_COMMITTED, run->error);
	if (r == -ETIMEDOUT)
		error_hint(
			run->error,
			"nothing was undone, since it may still come true: when the kernel has "
			"let go, viaduct recover; what never ends in state D only a restart ends");
	else if (r < 0)
		take_back(run);
	return r;
}

static int prepare(struct run *run, const char **ret_boot_id)
{
	int r = journal_boot_id(&run->world->root, run->arena, ret_boot_id, run->error);

	if (r == 0)
		r = refuse_unfinished(run, *ret_boot_id);
	if (r == 0 && persists(run->plan))
		r = busy_check(&run->world->root, run->error);
	if (r == 0)
		r = check_plan(run->world, run->plan, run->error);
	return r;
}

/* Before the first change: who waits for it must outlive whatever that cuts off. */
static int set_timer(struct run *run)
{
	uint64_t id = run->journal.id;
	int r = 0;

	if (!run->plan->revert_after_s)
		return 0;
	r = timer_set(&run->world->root, id, run->plan->revert_after_s, run->error);
	if (r == 0)
		r = timer_start(run->world, id, run->error);
	if (r < 0)
		journal_mark(&run->journal, VIA_TRANSACTION_VOID, NULL);
	return r;
}

int apply_run(const struct via_world *world, const struct via_plan *plan,
	      const struct via_apply_options *options, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_close_ int lock = -1;
	struct run run = { .world = world,
			   .plan = plan,
			   .options = options,
			   .arena = arena,
			   .journal = VIA_JOURNAL_CLOSED,
			   .error = error };
	const char *boot_id = NULL;
	int r;

	if (!world->effects.ops && !options->dry_run)
		return error_set(error, -EROFS, "apply", world->root.path,
				 "only the running host can be changed");
	r = options->dry_run ? 0 : lock_take(&world->root, &lock, error);
	if (r == 0)
		r = prepare(&run, &boot_id);
	if (r < 0 || plan->actions.count == 0)
		return r;
	if (options->dry_run)
		return dry_run(&run);
	r = journal_begin(&world->root, plan, boot_id, &run.journal, error);
	if (r == 0)
		r = set_timer(&run);
	if (r == 0)
		r = do_plan(&run);
	if (r < 0 && r != -ETIMEDOUT && plan->revert_after_s)
		timer_drop(&world->root, run.journal.id);
	cleanup_journal(&run.journal);
	return r;
}
