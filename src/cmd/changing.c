/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/changing.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "apply/run.h"
#include "apply/timer.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "cmd/planning.h"
#include "plan/file.h"
#include "render/json.h"
#include "render/plan.h"

static bool went_well(enum via_step_outcome outcome)
{
	return outcome != VIA_STEP_FAILED && outcome != VIA_STEP_OTHERS;
}

static void print_step(const struct via_paper *paper, const struct via_step_report *report)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	fputs("  ", paper->file);
	paper_mark(paper, went_well(report->outcome) ? VIA_PASS : VIA_FAIL);
	paper_print(paper, VIA_STYLE_BOLD, " %zu/%zu %s %s", report->n, report->total,
		    action_kind_name(report->kind), report->target);
	text_change(paper, report->kind, report->old, report->new);
	paper_print(paper, VIA_STYLE_DIM, "  (%s", step_outcome_name(report->outcome));
	if (report->read_back && report->kind != VIA_ACTION_GENERATE)
		paper_print(paper, VIA_STYLE_DIM, ", reads back %s",
			    action_shown(report->kind, report->read_back, arena));
	paper_print(paper, VIA_STYLE_DIM, ", %llu ms)\n", (unsigned long long)report->ms);
	if (report->details)
		paper_print(paper, VIA_STYLE_PLAIN, "%s", report->details);
	fflush(paper->file);
}

static json_t *json_step(const struct via_step_report *report)
{
	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:s, s:I, s:o}", "n",
			 (json_int_t)report->n, "kind", action_kind_name(report->kind), "target",
			 json_optional(report->target), "old", json_optional(report->old), "new",
			 json_optional(report->new), "read_back", json_optional(report->read_back),
			 "outcome", step_outcome_name(report->outcome), "ms",
			 (json_int_t)report->ms, "details", json_optional(report->details));
}

static void watch(void *context, const struct via_step_report *report)
{
	struct via_changing *changing = context;

	changing->transaction = report->transaction;
	changing->persistent |= report->waits && report->outcome != VIA_STEP_ALREADY &&
				report->outcome != VIA_STEP_WOULD;
	if (changing->session->json)
		json_array_append_new(changing->steps, json_step(report));
	else
		print_step(&changing->session->paper, report);
}

void changing_hold_signals(sigset_t *ret)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGPIPE); /* whoever reads along may leave in the middle */
	sigprocmask(SIG_BLOCK, &held, ret);
}

/* A reader who left is no reason to die behind the work either. */
void changing_let_signals(const sigset_t *before)
{
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	while (sigtimedwait(&pipe, NULL, &(struct timespec){ 0 }) > 0)
		continue;
	sigprocmask(SIG_SETMASK, before, NULL);
}

struct via_apply_options changing_options(struct via_changing *changing, bool dry_run)
{
	changing_hold_signals(&changing->signals);
	changing->steps = json_array();
	return (struct via_apply_options){ .dry_run = dry_run, .step = watch, .context = changing };
}

/* What lives in files takes effect with the next boot. */
static int changing_status(const struct via_changing *changing, int r)
{
	if (r < 0)
		return VIA_EXIT_COULD_NOT;
	return changing->persistent ? VIA_EXIT_REBOOT : VIA_EXIT_DONE;
}

int changing_finish(struct via_changing *changing, const char *what, int r,
		    const struct via_error *error)
{
	const struct via_session *session = changing->session;
	struct via_session text = *session;
	json_t *object;

	changing_let_signals(&changing->signals);
	text.json = false;
	if (r < 0)
		session_fail(&text, error);
	if (!session->json) {
		json_decref(changing->steps);
		if (r == 0 && changing->transaction)
			paper_print(&session->paper, VIA_STYLE_DIM,
				    "  %s; transaction %llu in the journal\n", what,
				    (unsigned long long)changing->transaction);
		else if (r == 0)
			paper_print(&session->paper, VIA_STYLE_DIM, "  %s\n", what);
		return changing_status(changing, r);
	}
	object = json_pack("{s:s, s:b, s:I, s:o}", "schema", "viaduct.apply/1", "done", r == 0,
			   "transaction", (json_int_t)changing->transaction, "steps",
			   changing->steps);
	if (changing->revert_after_s && r == 0)
		json_object_set_new(object, "undone_in_s", json_integer(changing->revert_after_s));
	if (r < 0) {
		json_t *failure = json_error(error);

		json_object_update(object, failure);
		json_decref(failure);
	}
	session_print_json(object);
	return changing_status(changing, r);
}

static bool answered_yes(void)
{
	char answer[16] = "";

	fputs("Do this? [y/N] ", stdout);
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y');
}

/* 0 to go on, or an exit status */
static int consent(const struct via_session *session, const struct via_plan *plan, bool yes)
{
	struct via_error error;

	if (yes || !plan->actions.count)
		return 0;
	if (!session->json && isatty(STDIN_FILENO) && answered_yes())
		return 0;
	error_set(&error, -ECANCELED, "apply", plan->goal, "nobody agreed to it");
	error_hint(&error, "--yes agrees beforehand, --dry-run only checks");
	return session_fail(session, &error);
}

int changing_timer(const struct via_session *session, const char *command, const char *text,
		   unsigned int *ret)
{
	uint64_t seconds;

	if (parse_u64(text, 10, &seconds) < 0 || seconds < TIMER_SHORTEST_S ||
	    seconds > TIMER_LONGEST_S)
		return session_usage(session, command, "--revert-after takes %d to %d seconds",
				     TIMER_SHORTEST_S, TIMER_LONGEST_S);
	*ret = (unsigned int)seconds;
	return 0;
}

void changing_insist(enum via_insistence *insistence)
{
	*insistence = *insistence == VIA_INSIST_NOT ? VIA_INSIST_ONCE : VIA_INSIST_TWICE;
}

/* What has to wait for a boot is not true when the timer runs out. */
static int refuse_timer(const struct via_session *session, const struct via_plan *plan)
{
	struct via_error error;

	if (!plan->revert_after_s)
		return 0;
	via_for_each (action, &plan->actions) {
		if (!action_kind_persists(action->kind))
			continue;
		error_set(
			&error, -EPERM, "refused", action->target,
			"a timer undoes what takes effect now, and this takes effect with a boot");
		error_hint(&error,
			   "leave out --revert-after, or what persists (passthrough --now)");
		return session_fail(session, &error);
	}
	return 0;
}

static const char *closing_words(struct via_arena *arena, const struct via_plan *plan, bool dry_run)
{
	if (!plan->actions.count)
		return "nothing was to be done";
	if (dry_run)
		return "nothing was changed";
	if (!plan->revert_after_s)
		return "done, and read back as wanted";
	return arena_printf(arena,
			    "done, and read back as wanted; undone in %u s unless you say: viaduct "
			    "confirm",
			    plan->revert_after_s);
}

int changing_apply(const struct via_session *session, const struct via_plan *plan, bool yes,
		   bool dry_run)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_changing changing = { .session = session };
	struct via_apply_options options;
	struct via_error error = { 0 };
	int r;

	if (plan->refused.count)
		return planning_refused(session, plan);
	r = refuse_timer(session, plan);
	if (r)
		return r;
	if (!session->json)
		text_plan(&session->paper, plan);
	r = dry_run ? 0 : consent(session, plan, yes);
	if (r)
		return r;
	options = changing_options(&changing, dry_run);
	if (plan->actions.count)
		r = apply_run(session->world, plan, &options, &error);
	else /* done before, and waiting for the next boot */
		changing.persistent = plan->reboot_needed && !dry_run;
	changing.revert_after_s = plan->actions.count && !dry_run ? plan->revert_after_s : 0;
	return changing_finish(&changing, closing_words(arena, plan, dry_run), r, &error);
}
