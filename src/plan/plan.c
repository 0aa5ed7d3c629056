/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/goal.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static const struct via_goal_kind *const kinds[] = {
	&goal_iommu,	 &goal_passthrough, &goal_sriov,  &goal_mdev,  &goal_vdpa,
	&goal_hugepages, &goal_isolate,	    &goal_nested, &goal_guard, NULL,
};

const struct via_goal_kind *const *goal_kinds(void)
{
	return kinds;
}

struct via_action *plan_act(struct via_plan *plan, enum via_action_kind kind, const char *target,
			    const char *expected, const char *wanted, const char *why)
{
	struct via_action *action = via_list_add(plan->arena, &plan->actions);

	*action = (struct via_action){
		.kind = kind,
		.target = target,
		.expected = expected,
		.wanted = wanted,
		.effect = VIA_EFFECT_NOW,
		.undo = VIA_EFFECT_NOW,
		.why = why,
	};
	return action;
}

bool plan_moves(const struct via_plan *plan, enum via_action_kind kind, const char *target)
{
	via_for_each (action, &plan->actions)
		if (action->kind == kind && strcmp(action->target, target) == 0)
			return true;
	return false;
}

void plan_risk(struct via_plan *plan, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*via_list_add(plan->arena, &plan->risks) = arena_vprintf(plan->arena, format, arguments);
	va_end(arguments);
}

void plan_by_hand(struct via_plan *plan, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*via_list_add(plan->arena, &plan->by_hand) = arena_vprintf(plan->arena, format, arguments);
	va_end(arguments);
}

void plan_refuse(struct via_plan *plan, const char *what, const char *hint, const char *why, ...)
{
	struct via_refusal *refusal = via_list_add(plan->arena, &plan->refused);
	va_list arguments;

	va_start(arguments, why);
	*refusal = (struct via_refusal){
		.what = what,
		.hint = hint,
		.why = arena_vprintf(plan->arena, why, arguments),
	};
	va_end(arguments);
}

const char *plan_identity(struct via_arena *arena, const struct via_pci_device *device)
{
	if (!fact_is(&device->vendor, VIA_PRESENT) || !fact_is(&device->device, VIA_PRESENT))
		return NULL;
	return arena_printf(arena, "%04llx:%04llx", (unsigned long long)device->vendor.number,
			    (unsigned long long)device->device.number);
}

/* FNV-1a: the id only has to tell plans apart. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	for (; text && *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return (hash ^ 0xff) * 0x100000001b3;
}

void plan_seal(struct via_plan *plan)
{
	uint64_t hash = 0xcbf29ce484222325;

	via_for_each (action, &plan->actions) {
		hash = hash_text(hash, action_kind_name(action->kind));
		hash = hash_text(hash, action->target);
		hash = hash_text(hash, action->expected);
		hash = hash_text(hash, action->wanted);
		plan->reboot_needed |= action->effect == VIA_EFFECT_REBOOT;
	}
	plan->id = arena_printf(plan->arena, "%016llx", (unsigned long long)hash);
}

static const char *join(struct via_arena *arena, const char *const *words, size_t count)
{
	char *text = arena_strdup(arena, "");

	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", words[i]);
	return text;
}

static int unknown_goal(const char *word, struct via_error *error)
{
	error_usage(error, "plan", word, "that is no goal");
	return error_hint(error,
			  "goals: iommu, passthrough DEVICE..., sriov PF=N, mdev PARENT=TYPE, "
			  "vdpa MGMT=NAME, hugepages SIZE=N, isolate CPUS, nested, guard");
}

int plan_new(struct via_arena *arena, const struct via_host *host, const char *const *words,
	     size_t count, struct via_plan *ret, struct via_error *error)
{
	return plan_new_insisting(arena, host, words, count, VIA_INSIST_NOT, ret, error);
}

int plan_new_insisting(struct via_arena *arena, const struct via_host *host,
		       const char *const *words, size_t count, enum via_insistence insistence,
		       struct via_plan *ret, struct via_error *error)
{
	struct via_plan plan = { .arena = arena,
				 .goal = join(arena, words, count),
				 .insistence = insistence };
	int r = -EINVAL;

	if (!count)
		return unknown_goal("(nothing)", error);
	for (size_t i = 0; kinds[i]; i++) {
		if (strcmp(kinds[i]->name, words[0]) != 0)
			continue;
		r = kinds[i]->plan(host, words + 1, count - 1, &plan, error);
		if (r < 0)
			return r;
		plan_seal(&plan);
		*ret = plan;
		return 0;
	}
	return unknown_goal(words[0], error);
}
