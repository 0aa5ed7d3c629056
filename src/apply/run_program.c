/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "apply/lever.h"
#include "apply/make.h"
#include "apply/run_part.h"
#include "plan/file.h"

static int cannot(const struct run *run, const struct via_action *action, int code, const char *why)
{
	return error_set(run->error, code, "put in place", action->target, "%s",
			 why ? why : strerror(-code));
}

/* All that were made are looked at before the first is put in place. */
static int look_at(struct run *run, const struct via_staged_file *file,
		   const struct via_action *maker, struct via_action *ret)
{
	const char *obstacle;
	int r = make_action(run->world, file, run->arena, ret);

	if (r < 0)
		return error_set(run->error, r, "look at", file->path, NULL);
	ret->store = run->journal.store;
	ret->made_by = run->noted; /* the maker is the last that was noted */
	ret->trial = maker->trial;
	ret->effect = ret->undo = VIA_EFFECT_REBOOT;
	r = lever_obstacle(run->world, ret, run->arena, &obstacle);
	if (r == 0 && obstacle)
		r = -EPERM;
	return r < 0 ? cannot(run, ret, r, obstacle) : 0;
}

static int put_file(struct run *run, const struct via_staged_file *file,
		    const struct via_action *action, struct via_step_report *report)
{
	int r = make_put(run->world, file, action);

	if (r == 0)
		r = lever_get(run->world, action, run->arena, &report->read_back);
	if (r < 0)
		return cannot(run, action, r, NULL);
	r = journal_done(&run->journal, run->noted, report->read_back, run->error);
	if (r == 0 && strcmp(report->read_back, action->wanted) != 0)
		r = cannot(run, action, -EIO, "it does not read back as it was made");
	return r;
}

static int put_in_place(struct run *run, const struct via_staged_file *file,
			const struct via_action *action, const struct via_step_report *whole)
{
	struct via_step_report report = *whole;
	uint64_t start = step_clock_ms();
	struct via_found found = { .identity = "", .value = action->expected };
	int r = run_note_intent(run, action, &found);

	if (r < 0)
		return r;
	report.kind = action->kind;
	report.target = action->target;
	report.old = action->expected;
	report.new = action->wanted;
	r = put_file(run, file, action, &report);
	report.ms = step_clock_ms() - start;
	report.outcome = r < 0 ? VIA_STEP_FAILED : VIA_STEP_DONE;
	step_tell(run->options, &report);
	return r;
}

static int put_all(struct run *run, const struct via_staged *staged, const struct via_action *maker,
		   const struct via_step_report *whole)
{
	struct via_action *actions =
		arena_alloc(run->arena, (staged->count + 1) * sizeof(*actions));
	int r = 0;

	for (size_t i = 0; r == 0 && i < staged->count; i++)
		r = look_at(run, &staged->items[i], maker, &actions[i]);
	for (size_t i = 0; r == 0 && i < staged->count; i++)
		r = put_in_place(run, &staged->items[i], &actions[i], whole);
	return r;
}

int run_program(struct run *run, const struct via_action *action, struct via_step_report *report)
{
	const struct via_step_report whole = *report;
	struct via_staged staged;
	int r;

	if (make_is_for_later(run->world, action->target, run->arena)) {
		report->outcome = VIA_STEP_TO_RUN;
		return 0;
	}
	r = make_stage(run->world, action->target, run->arena, &staged, &report->details,
		       run->error);
	if (make_could_not_run(run->world, r)) {
		report->outcome = VIA_STEP_TO_RUN;
		make_end(run->world);
		return 0;
	}
	if (r == 0) {
		report->details = NULL; /* what it said is of use where it failed */
		r = put_all(run, &staged, action, &whole);
	}
	make_end(run->world);
	return r;
}
