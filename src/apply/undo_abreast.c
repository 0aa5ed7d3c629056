/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/undo_part.h"

#include <errno.h>
#include <string.h>

#include "apply/abreast.h"
#include "apply/lever.h"

/* What is undone at once. @writes: of those that are put back, which @written leads to */
struct stage {
	size_t count, write_count;
	const size_t *places;
	struct via_step_report *reports;
	struct via_write *writes;
	struct via_write **written;
};

static const struct via_action *action_at(const struct undo *undo, size_t n)
{
	return &undo->transaction->entries.items[n].action;
}

static bool may(const struct undo *undo, size_t n)
{
	return !undo->trial_only && abreast_may(action_at(undo, n));
}

size_t undo_abreast_begin(const struct undo *undo, size_t first, size_t end)
{
	bool several = false;
	size_t n = end;

	for (; n > first && may(undo, n - 1); n--)
		several |= strcmp(action_at(undo, n - 1)->target,
				  action_at(undo, end - 1)->target) != 0;
	return several ? n : end;
}

static struct stage stage_new(const struct undo *undo, const size_t *places, size_t count)
{
	struct via_arena *arena = undo->arena;

	return (struct stage){
		.count = count,
		.places = places,
		.reports = arena_alloc(arena, count * sizeof(struct via_step_report)),
		.writes = arena_alloc(arena, count * sizeof(struct via_write)),
		.written = arena_alloc(arena, count * sizeof(struct via_write *)),
	};
}

/* All of them before any is put back. */
static int judge_all(const struct undo *undo, struct stage *stage)
{
	for (size_t i = 0; i < stage->count; i++) {
		size_t n = stage->places[i];
		const struct via_action *action = action_at(undo, n);
		struct via_step_report *report = &stage->reports[i];
		enum undo_verdict verdict;
		int r;

		*report = undo_report_of(undo, n);
		r = undo_judge(undo, &undo->transaction->entries.items[n], &verdict,
			       &report->read_back);
		if (r < 0)
			return undo_failed(undo, action, r);
		if (verdict == UNDO_NOT_OURS)
			return undo_not_ours(undo, n, report->read_back);
		report->outcome = undo_outcome(verdict);
		if (verdict != UNDO_PUT_BACK)
			continue;
		report->outcome = VIA_STEP_UNDONE;
		stage->written[i] = &stage->writes[stage->write_count++];
		*stage->written[i] = lever_aim(action, action->expected, undo->arena);
	}
	return 0;
}

/* Return: what putting it back came to; 0 also where nothing was to be done */
static int look_back(const struct undo *undo, struct stage *stage, size_t i)
{
	const struct via_action *action = action_at(undo, stage->places[i]);
	struct via_step_report *report = &stage->reports[i];
	int r = stage->written[i] ? stage->written[i]->r : 0;

	if (r == EFFECT_NOT_BEGUN || !stage->written[i])
		return r;
	if (r == 0)
		r = lever_get(undo->world, action, undo->arena, &report->read_back);
	if (r == 0 && strcmp(report->read_back, action->expected) != 0)
		r = -EIO;
	return r;
}

/* What hangs is the reason before any other, else the first. */
static int look_and_note(const struct undo *undo, struct stage *stage)
{
	struct via_note *notes = arena_alloc(undo->arena, stage->count * sizeof(*notes));
	size_t count = 0;
	int failed = 0, r;

	for (size_t i = 0; i < stage->count; i++) {
		r = look_back(undo, stage, i);
		if (r == 0)
			notes[count++].n = stage->places[i] + 1;
		if (r >= 0)
			continue;
		stage->reports[i].outcome = VIA_STEP_FAILED;
		if (!failed || (r == -ETIMEDOUT && failed != r))
			failed = undo_failed(undo, action_at(undo, stage->places[i]), r);
	}
	r = journal_undones(undo->journal, notes, count, failed ? NULL : undo->error);
	return failed ? failed : r;
}

static int undo_stage(const struct undo *undo, const size_t *places, size_t count)
{
	struct stage stage = stage_new(undo, places, count);
	uint64_t start = step_clock_ms();
	int r = judge_all(undo, &stage), r_write;

	if (r < 0)
		return r;
	r_write = effect_write_all(&undo->world->effects, stage.writes, stage.write_count);
	for (size_t i = 0; i < count; i++)
		if (stage.written[i])
			stage.reports[i].ms = step_clock_ms() - start;
	r = look_and_note(undo, &stage);
	for (size_t i = 0; i < count; i++)
		if (!stage.written[i] || stage.written[i]->r != EFFECT_NOT_BEGUN)
			step_tell(undo->options, &stage.reports[i]);
	if (r == 0 && r_write < 0) /* it never came to any of them */
		r = undo_failed(undo, action_at(undo, places[0]), r_write);
	return r;
}

int undo_abreast(const struct undo *undo, size_t first, size_t end)
{
	const struct via_entry *entries = undo->transaction->entries.items;
	struct via_abreast *steps = arena_alloc(undo->arena, (end - first) * sizeof(*steps));
	size_t *places = arena_alloc(undo->arena, (end - first) * sizeof(*places)), count;
	int r = 0;

	for (size_t i = 0; i < end - first; i++)
		steps[i].target =
			entries[end - 1 - i].undone ? NULL : entries[end - 1 - i].action.target;
	while (r == 0 && (count = abreast_pick(steps, end - first, places))) {
		for (size_t i = 0; i < count; i++)
			places[i] = end - 1 - places[i];
		r = undo_stage(undo, places, count);
	}
	return r;
}
