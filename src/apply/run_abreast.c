/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/run_part.h"

#include <errno.h>
#include <string.h>

#include "apply/abreast.h"
#include "apply/lever.h"

/* What is done at once. @notes, @writes, @reports: of each of its actions */
struct stage {
	size_t count;
	struct via_action *actions;
	struct via_note *notes;
	struct via_write *writes;
	struct via_step_report *reports;
};

static bool may(const struct via_action *action)
{
	return abreast_may(action) && strcmp(action->expected, VIA_AS_MADE) != 0;
}

size_t run_abreast_end(const struct run *run, size_t first)
{
	const struct via_action *actions = run->plan->actions.items;
	bool several = false;
	size_t end = first;

	for (; end < run->plan->actions.count && may(&actions[end]); end++)
		several |= strcmp(actions[end].target, actions[first].target) != 0;
	return several ? end : first;
}

static struct stage stage_new(const struct run *run, const size_t *places, size_t count)
{
	struct via_arena *arena = run->arena;
	struct stage stage = {
		.count = count,
		.actions = arena_alloc(arena, count * sizeof(*stage.actions)),
		.notes = arena_alloc(arena, count * sizeof(*stage.notes)),
		.writes = arena_alloc(arena, count * sizeof(*stage.writes)),
		.reports = arena_alloc(arena, count * sizeof(*stage.reports)),
	};

	for (size_t i = 0; i < count; i++) {
		stage.actions[i] = run_action_at(run, places[i]);
		stage.reports[i] = run_report_of(run, places[i]);
		stage.notes[i].action = &stage.actions[i];
		stage.writes[i] = lever_aim(&stage.actions[i], stage.actions[i].wanted, arena);
	}
	return stage;
}

static int compare_all(struct run *run, struct stage *stage)
{
	for (size_t i = 0; i < stage->count; i++) {
		struct via_note *note = &stage->notes[i];
		int r = run_compare(run, note->action, &note->found);

		if (r < 0)
			return r;
		note->n = run->noted + i + 1;
		stage->reports[i].old = note->found.value;
	}
	return 0;
}

/* What was done or tried, and does not hang: read back, and noted so. */
static int look_and_note(struct run *run, struct stage *stage)
{
	struct via_note *notes = arena_alloc(run->arena, stage->count * sizeof(*notes));
	size_t count = 0;
	int failed = 0, r;

	for (size_t i = 0; i < stage->count; i++) {
		struct via_note *note = &stage->notes[i];
		int code = stage->writes[i].r;

		if (code == EFFECT_NOT_BEGUN || code == -ETIMEDOUT)
			continue;
		r = lever_get(run->world, note->action, run->arena, &note->read_back);
		if (r == 0)
			notes[count++] = *note;
		else if (failed == 0)
			failed = run_step_failed(run, note->action, code < 0 ? code : r, NULL);
		stage->reports[i].read_back = note->read_back;
	}
	r = journal_dones(&run->journal, notes, count, run->error);
	return r < 0 ? r : failed;
}

/* Each is told; what hangs is the reason before any other, else the first. */
static int judge_all(struct run *run, struct stage *stage, int failed)
{
	for (size_t i = 0; i < stage->count; i++) {
		const struct via_action *action = stage->notes[i].action;
		struct via_error own = { 0 }, *error = run->error;
		int code = stage->writes[i].r, r = -EIO;

		if (code == EFFECT_NOT_BEGUN)
			continue;
		run->error = &own;
		if (code == -ETIMEDOUT)
			r = run_step_failed(run, action, code, NULL);
		else if (stage->notes[i].read_back)
			r = run_judge(run, action, code, stage->notes[i].read_back);
		run->error = error;
		if (r < 0)
			stage->reports[i].outcome = VIA_STEP_FAILED;
		if (r < 0 && own.code && (!failed || (r == -ETIMEDOUT && failed != r))) {
			failed = r;
			*error = own;
		}
		step_tell(run->options, &stage->reports[i]);
	}
	return failed;
}

static int do_stage(struct run *run, const size_t *places, size_t count)
{
	struct stage stage = stage_new(run, places, count);
	uint64_t start;
	int r = compare_all(run, &stage), r_write;

	if (r == 0)
		r = journal_intents(&run->journal, stage.notes, count, run->error);
	if (r < 0)
		return r;
	run->noted += count;
	start = step_clock_ms();
	r_write = effect_write_all(&run->world->effects, stage.writes, count);
	for (size_t i = 0; i < count; i++)
		stage.reports[i].ms = step_clock_ms() - start;
	r = judge_all(run, &stage, look_and_note(run, &stage));
	if (r == 0 && r_write < 0) /* it never came to any of them */
		r = run_step_failed(run, stage.notes[0].action, r_write, NULL);
	return r;
}

int run_abreast(struct run *run, size_t first, size_t end)
{
	struct via_abreast *steps = arena_alloc(run->arena, (end - first) * sizeof(*steps));
	size_t *places = arena_alloc(run->arena, (end - first) * sizeof(*places)), count;
	int r = 0;

	for (size_t n = first; n < end; n++)
		steps[n - first] = (struct via_abreast){
			.target = run->plan->actions.items[n].target,
			.slot = abreast_slot(run->arena, &run->plan->actions.items[n]),
		};
	while (r == 0 && (count = abreast_pick(steps, end - first, places))) {
		for (size_t i = 0; i < count; i++)
			places[i] += first;
		r = do_stage(run, places, count);
	}
	return r;
}
