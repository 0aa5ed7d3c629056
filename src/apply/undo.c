/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/undo.h"

#include <errno.h>
#include <string.h>

#include "apply/hang_tell.h"
#include "apply/lever.h"
#include "apply/make.h"
#include "apply/store.h"
#include "apply/target.h"
#include "apply/undo_left.h"
#include "apply/undo_part.h"
#include "apply/undo_program.h"
#include "apply/undo_text.h"
#include "apply/users.h"
#include "base/cleanup.h"

struct via_step_report undo_report_of(const struct undo *undo, size_t n)
{
	const struct via_action *action = &undo->transaction->entries.items[n].action;

	return (struct via_step_report){
		.transaction = undo->transaction->id,
		.n = n + 1,
		.total = undo->transaction->entries.count,
		.kind = action->kind,
		.target = action->target,
		.waits = action->undo == VIA_EFFECT_REBOOT,
		.old = action->wanted,
		.new = action->expected,
	};
}

static void tell_others(const struct undo *undo, size_t n)
{
	const struct via_action *action = &undo->transaction->entries.items[n].action;
	struct via_step_report report = undo_report_of(undo, n);

	report.outcome = VIA_STEP_OTHERS;
	if (action->kind == VIA_ACTION_FILE)
		report.details = undo_text_differences(undo->world, action, undo->arena);
	step_tell(undo->options, &report);
}

int undo_not_ours(const struct undo *undo, size_t n, const char *present)
{
	const struct via_action *action = &undo->transaction->entries.items[n].action;

	tell_others(undo, n);
	if (action->kind == VIA_ACTION_FILE) {
		error_set(undo->error, -ESTALE, "undo", action->target,
			  "its owner changed the same words since, or all of it (the differences "
			  "are shown)");
		return error_hint(undo->error,
				  "nothing was touched: take viaduct's part out by hand, or make "
				  "it as it was before, then try again");
	}
	error_set(undo->error, -ESTALE, "undo", action->target,
		  "%s was \"%s\", viaduct made it \"%s\", and now it is \"%s\": somebody else "
		  "changed it",
		  action_kind_name(action->kind), action->expected, action->wanted, present);
	error_hint(undo->error,
		   "nothing is forced: make it \"%s\" or \"%s\" by hand, then try again",
		   action->expected, action->wanted);
	return -ESTALE;
}

int undo_failed(const struct undo *undo, const struct via_action *action, int code)
{
	if (code == -ETIMEDOUT) {
		hang_tell(action, undo->error);
		error_hint(undo->error, "when the kernel has let go of it: viaduct recover");
		return code;
	}
	error_set(undo->error, code, "undo", action->target, "%s back to \"%s\": %s",
		  action_kind_name(action->kind), action->expected, strerror(-code));
	error_hint(undo->error, "put right what stands in the way, then viaduct recover");
	return code;
}

static int generate_again(const struct undo *undo, const struct via_action *action,
			  struct via_step_report *report)
{
	uint64_t start = step_clock_ms();
	bool later = make_is_for_later(undo->world, action->target, undo->arena);
	int r = later ? 0 : undo_run_again(undo->world, action, undo->arena, undo->error);

	if (later || make_could_not_run(undo->world, r)) {
		report->outcome = VIA_STEP_TO_RUN;
		return 0;
	}
	if (r < 0)
		return r;
	report->ms = step_clock_ms() - start;
	report->outcome = VIA_STEP_UNDONE;
	r = lever_get(undo->world, action, undo->arena, &report->read_back);
	return r < 0 ? undo_failed(undo, action, r) : 0;
}

static int put_back(const struct undo *undo, const struct via_action *action,
		    struct via_step_report *report)
{
	uint64_t start = step_clock_ms();
	int r;

	if (action->kind == VIA_ACTION_GENERATE)
		return generate_again(undo, action, report);
	r = lever_set(undo->world, action, action->expected);
	report->ms = step_clock_ms() - start;
	report->outcome = VIA_STEP_UNDONE;
	if (r == -EBUSY && action->kind == VIA_ACTION_MODULE) {
		report->outcome = VIA_STEP_KEPT;
		return 0;
	}
	if (r < 0)
		return undo_failed(undo, action, r);
	r = lever_get(undo->world, action, undo->arena, &report->read_back);
	if (r == 0 && strcmp(report->read_back, action->expected) != 0)
		r = -EIO;
	return r < 0 ? undo_failed(undo, action, r) : 0;
}

/* What it comes to is told first: it is neither the old content, nor ours, nor the owner's. */
static int merge(const struct undo *undo, size_t n, struct via_step_report *report)
{
	const struct via_action *action = &undo->transaction->entries.items[n].action;
	struct via_span content;
	const char *merged = NULL;
	int r = undo_text_merge(undo->world, action, undo->arena, &content);

	report->outcome = VIA_STEP_MERGED;
	if (r == 0)
		r = undo_text_value(undo->world, action, content, undo->arena, &merged);
	if (r < 0 || !merged)
		return undo_failed(undo, action, r < 0 ? r : -EIO);
	r = journal_merging(undo->journal, n + 1, merged, undo->error);
	if (r < 0)
		return r;
	r = undo_text_put(undo->world, action, content);
	if (r == 0)
		r = lever_get(undo->world, action, undo->arena, &report->read_back);
	if (r == 0 && strcmp(report->read_back, merged) != 0)
		r = -EIO;
	report->new = report->read_back;
	return r < 0 ? undo_failed(undo, action, r) : 0;
}

enum via_step_outcome undo_outcome(enum undo_verdict verdict)
{
	switch (verdict) {
	case UNDO_TARGET_GONE:
		return VIA_STEP_GONE;
	case UNDO_DIED:
		return VIA_STEP_VOID;
	case UNDO_LEFT:
		return VIA_STEP_LEFT;
	case UNDO_MERGED:
		return VIA_STEP_MERGED;
	default:
		return VIA_STEP_ALREADY;
	}
}

static int undo_entry(const struct undo *undo, size_t n)
{
	const struct via_entry *entry = &undo->transaction->entries.items[n];
	struct via_step_report report = undo_report_of(undo, n);
	enum undo_verdict verdict;
	int r = undo_judge(undo, entry, &verdict, &report.read_back);

	if (r < 0)
		return undo_failed(undo, &entry->action, r);
	if (verdict == UNDO_NOT_OURS)
		return undo_not_ours(undo, n, report.read_back);
	report.outcome = undo_outcome(verdict);
	if (verdict == UNDO_PUT_BACK)
		r = put_back(undo, &entry->action, &report);
	if (verdict == UNDO_MERGE)
		r = merge(undo, n, &report);
	if (r == 0 && lever_tidy(undo->world, &entry->action) < 0)
		r = undo_failed(undo, &entry->action, -EIO);
	if (r == 0)
		report.details = undo_left(undo->world, undo->transaction, n + 1, undo->arena);
	if (r == 0)
		r = journal_undone(undo->journal, n + 1, undo->error);
	if (r < 0)
		report.outcome = VIA_STEP_FAILED;
	step_tell(undo->options, &report);
	return r;
}

/* Whether a later action that is still to be undone moved the same lever. */
static bool covered(const struct via_transaction *transaction, size_t n)
{
	const struct via_action *action = &transaction->entries.items[n].action;

	for (size_t i = n + 1; i < transaction->entries.count; i++) {
		const struct via_entry *later = &transaction->entries.items[i];

		if (!later->undone && later->action.kind == action->kind &&
		    strcmp(later->action.target, action->target) == 0)
			return true;
	}
	return false;
}

/* What is undone already, and what a confirmation keeps. */
static bool stays(const struct undo *undo, const struct via_entry *entry)
{
	return entry->undone || (undo->trial_only && !entry->action.trial);
}

/* Only what undoing meets first is present now; what it meets later, it makes itself. */
static int look_first(const struct undo *undo)
{
	_cleanup_host_ struct via_host *host = users_look(undo->world);

	for (size_t n = undo->transaction->entries.count; n-- > 0;) {
		const struct via_entry *entry = &undo->transaction->entries.items[n];
		const char *present = NULL;
		enum undo_verdict verdict;
		int r;

		if (stays(undo, entry) || covered(undo->transaction, n))
			continue;
		r = undo_judge(undo, entry, &verdict, &present);
		if (r < 0)
			return undo_failed(undo, &entry->action, r);
		if (verdict == UNDO_NOT_OURS)
			return undo_not_ours(undo, n, present);
		if (verdict == UNDO_PUT_BACK)
			r = users_allow(host, &entry->action, undo->options->insistence,
					undo->error);
		if (r < 0)
			return r;
	}
	return 0;
}

static int dry_undo(const struct undo *undo)
{
	for (size_t n = undo->transaction->entries.count; n-- > 0;) {
		struct via_step_report report = undo_report_of(undo, n);

		report.outcome = VIA_STEP_WOULD;
		if (!stays(undo, &undo->transaction->entries.items[n]))
			step_tell(undo->options, &report);
	}
	return 0;
}

/* Programs go by what files say: they run when those are as before, in the order of the plan. */
static int run_programs(const struct undo *undo, size_t first, size_t end)
{
	int r = 0;

	for (size_t n = first; r == 0 && n < end; n++) {
		const struct via_entry *entry = &undo->transaction->entries.items[n];

		if (!stays(undo, entry) && entry->action.kind == VIA_ACTION_GENERATE)
			r = undo_entry(undo, n);
	}
	return r;
}

static int undo_backwards(const struct undo *undo, size_t first, size_t end)
{
	const struct via_transaction *transaction = undo->transaction;
	size_t n = end;
	int r = 0;

	while (r == 0 && n > first) {
		const struct via_entry *entry = &transaction->entries.items[n - 1];
		size_t above = n;

		n = undo_abreast_begin(undo, first, above);
		if (n < above) {
			r = undo_abreast(undo, n, above);
			continue;
		}
		n--;
		if (!stays(undo, entry) && entry->action.kind != VIA_ACTION_GENERATE)
			r = undo_entry(undo, n);
	}
	return r;
}

static int undo_part(const struct undo *undo, size_t first, size_t end)
{
	int r = undo_backwards(undo, first, end);

	return r < 0 ? r : run_programs(undo, first, end);
}

/* What keeps the old system the one that boots was done first, and goes when all else is as it
 * was, programs included. */
static size_t guards(const struct via_transaction *transaction)
{
	size_t n = 0;

	while (n < transaction->entries.count && transaction->entries.items[n].action.trial)
		n++;
	return n;
}

static int undo_entries(const struct undo *undo)
{
	size_t first = guards(undo->transaction), end = undo->transaction->entries.count;
	int r = journal_mark(undo->journal, VIA_TRANSACTION_ROLLING_BACK, undo->error);

	if (r == 0)
		r = undo_part(undo, first, end);
	if (r == 0)
		r = undo_part(undo, 0, first);
	if (r == 0)
		r = journal_mark(undo->journal, VIA_TRANSACTION_ROLLED_BACK, undo->error);
	if (r == 0)
		store_drop(&undo->world->root, undo->transaction->store);
	make_end(undo->world);
	return r;
}

static int keep_entries(const struct undo *undo)
{
	int r = journal_trial(undo->journal, VIA_TRIAL_CONFIRMING, NULL, undo->error);

	if (r == 0)
		r = undo_part(undo, 0, undo->transaction->entries.count);
	if (r == 0)
		r = journal_trial(undo->journal, VIA_TRIAL_CONFIRMED, NULL, undo->error);
	make_end(undo->world);
	return r;
}

static int undo_all(const struct undo *undo, int (*undo_for_good)(const struct undo *undo))
{
	int r = look_first(undo);

	if (r < 0)
		return r;
	return undo->options->dry_run ? dry_undo(undo) : undo_for_good(undo);
}

int undo_trial(const struct via_world *world, const struct via_transaction *transaction,
	       struct via_journal *journal, const struct via_apply_options *options,
	       struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	return undo_all(&(struct undo){ .world = world,
					.transaction = transaction,
					.trial_only = true,
					.journal = journal,
					.options = options,
					.arena = arena,
					.error = error },
			keep_entries);
}

int undo_transaction(const struct via_world *world, const struct via_transaction *transaction,
		     bool this_boot, struct via_journal *journal,
		     const struct via_apply_options *options, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	return undo_all(&(struct undo){ .world = world,
					.transaction = transaction,
					.this_boot = this_boot,
					.journal = journal,
					.options = options,
					.arena = arena,
					.error = error },
			undo_entries);
}
