/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/plan.h"

#include <string.h>

#include "base/cleanup.h"
#include "plan/file.h"
#include "render/json.h"

static const char *const times[] = {
	[VIA_EFFECT_NOW] = "now",
	[VIA_EFFECT_REBOOT] = "reboot",
	[VIA_EFFECT_NONE] = "none",
};

/* With its tabs, which is what the paper takes out of all else. */
static void print_line(const struct via_paper *paper, const char *line, size_t length)
{
	enum via_style style = *line == '+'   ? VIA_STYLE_GOOD
			       : *line == '-' ? VIA_STYLE_BAD
					      : VIA_STYLE_PLAIN;
	const char *end = line + length, *tab;

	for (; (tab = memchr(line, '\t', (size_t)(end - line))); line = tab + 1) {
		paper_print(paper, style, "%.*s", (int)(tab - line), line);
		fputc('\t', paper->file);
	}
	paper_print(paper, style, "%.*s\n", (int)(end - line), line);
}

void text_difference(const struct via_paper *paper, const char *diff)
{
	for (size_t length; *diff; diff += length + (diff[length] == '\n')) {
		length = strcspn(diff, "\n");
		fputs("     ", paper->file);
		print_line(paper, diff, length);
	}
}

void text_change(const struct via_paper *paper, enum via_action_kind kind, const char *old,
		 const char *new)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	if (kind != VIA_ACTION_GENERATE)
		paper_print(paper, VIA_STYLE_PLAIN, ": %s %s %s", action_shown(kind, old, arena),
			    paper_symbol(paper, "→", "->"), action_shown(kind, new, arena));
}

static void print_action(const struct via_paper *paper, const struct via_action *action, size_t n)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	paper_print(paper, VIA_STYLE_BOLD, "%3zu. %s %s", n, action_kind_name(action->kind),
		    action->target);
	text_change(paper, action->kind, action->expected, action->wanted);
	fputc('\n', paper->file);
	if (action->kind == VIA_ACTION_FILE)
		text_difference(paper, action_diff(action, arena));
	paper_print(paper, VIA_STYLE_DIM, "     %s; takes effect: %s; undo: %s\n", action->why,
		    times[action->effect], times[action->undo]);
}

static void print_sentences(const struct via_paper *paper, const char *title,
			    const char *const *sentences, size_t count)
{
	if (count)
		paper_print(paper, VIA_STYLE_BOLD, "  %s:\n", title);
	for (size_t i = 0; i < count; i++)
		paper_wrap(paper, VIA_STYLE_PLAIN, 5, sentences[i]);
}

void text_plan(const struct via_paper *paper, const struct via_plan *plan)
{
	size_t n = 0;

	paper_print(paper, VIA_STYLE_BOLD, "Plan for: %s\n", plan->goal);
	via_for_each (refusal, &plan->refused) {
		fputs("  ", paper->file);
		paper_mark(paper, VIA_FAIL);
		paper_print(paper, VIA_STYLE_BOLD, " refused: %s\n", refusal->what);
		paper_wrap(paper, VIA_STYLE_PLAIN, 6, refusal->why);
		if (refusal->hint)
			paper_wrap(paper, VIA_STYLE_DIM, 6, refusal->hint);
	}
	via_for_each (refusal, &plan->overruled) {
		fputs("  ", paper->file);
		paper_mark(paper, VIA_WARN);
		paper_print(paper, VIA_STYLE_BOLD, " overruled: %s\n", refusal->what);
		paper_wrap(paper, VIA_STYLE_PLAIN, 6, refusal->why);
	}
	if (!plan->refused.count && !plan->actions.count)
		paper_print(paper, VIA_STYLE_GOOD,
			    plan->reboot_needed
				    ? "  Nothing to do but to start again: the next boot has it.\n"
				    : "  Nothing to do: the host is already so.\n");
	via_for_each (action, &plan->actions)
		print_action(paper, action, ++n);
	print_sentences(paper, "What could go wrong", plan->risks.items, plan->risks.count);
	print_sentences(paper, "Back by hand", plan->by_hand.items, plan->by_hand.count);
	if (plan->actions.count)
		paper_print(paper, VIA_STYLE_DIM, "  plan %s; %s\n", plan->id,
			    plan->reboot_needed ? "a reboot is needed" : "no reboot needed");
}

static json_t *json_action(const struct via_action *action, size_t n)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *diff = action_diff(action, arena);

	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:o}", "n", (json_int_t)n,
			 "kind", action_kind_name(action->kind), "target",
			 json_optional(action->target), "expected", json_optional(action->expected),
			 "wanted", json_optional(action->wanted), "effect", times[action->effect],
			 "undo", times[action->undo], "diff", json_optional(diff), "why",
			 json_optional(action->why));
}

static json_t *json_overruled(const struct via_plan *plan)
{
	json_t *list = json_array();

	via_for_each (refusal, &plan->overruled)
		json_array_append_new(list,
				      json_pack("{s:o, s:o}", "what", json_optional(refusal->what),
						"why", json_optional(refusal->why)));
	return list;
}

static json_t *json_sentences(const char *const *sentences, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_string(sentences[i]));
	return list;
}

json_t *json_plan(const struct via_plan *plan)
{
	json_t *actions = json_array(), *refused = json_array();
	size_t n = 0;

	via_for_each (action, &plan->actions)
		json_array_append_new(actions, json_action(action, ++n));
	via_for_each (refusal, &plan->refused)
		json_array_append_new(refused, json_pack("{s:o, s:o, s:o}", "what",
							 json_optional(refusal->what), "why",
							 json_optional(refusal->why), "hint",
							 json_optional(refusal->hint)));
	return json_pack("{s:s, s:s, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "schema",
			 "viaduct.plan/1", "id", plan->id, "goal", json_optional(plan->goal),
			 "actions", actions, "reboot_needed", plan->reboot_needed, "refused",
			 refused, "overruled", json_overruled(plan), "risks",
			 json_sentences(plan->risks.items, plan->risks.count), "by_hand",
			 json_sentences(plan->by_hand.items, plan->by_hand.count));
}
