/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply/lever.h"
#include "apply/target.h"
#include "base/cleanup.h"
#include "plan/file.h"

static const char act[] = "check the plan";

static int check_identity(const struct via_world *world, const struct via_action *action,
			  struct via_arena *arena, const char **ret, struct via_error *error)
{
	int r = target_identity(world, action, arena, ret);

	if (r < 0)
		return error_set(error, r, act, action->target,
				 r == -ENODEV ? "it is not there" : NULL);
	if (!action->identity || !target_is_function(action) || strcmp(action->identity, *ret) == 0)
		return 0;
	error_set(error, -ESTALE, act, action->target,
		  "the plan is for a device %s, and a %s is there", action->identity, *ret);
	error_hint(error, "addresses move when hardware does: plan again");
	return -ESTALE;
}

int check_action(const struct via_world *world, const struct via_action *action,
		 struct via_arena *arena, struct via_found *ret, struct via_error *error)
{
	const char *kind = action_kind_name(action->kind);
	struct via_found found = { 0 };
	int r = check_identity(world, action, arena, &found.identity, error);

	if (r < 0)
		return r;
	r = lever_get(world, action, arena, &found.value);
	if (r == 0)
		r = target_instance(world, action, &found.instance);
	if (r < 0) {
		error_set(error, r, act, action->target, "its %s cannot be read: %s", kind,
			  strerror(-r));
		lever_explain(world, action, action->wanted, r, error);
		return r;
	}
	if (action->kind == VIA_ACTION_FILE && strcmp(found.value, action->expected) != 0) {
		error_set(error, -ESTALE, act, action->target,
			  "it is not as it was when the plan was made: %s then, %s now",
			  action_shown(action->kind, action->expected, arena),
			  action_shown(action->kind, found.value, arena));
		error_hint(error, "somebody else works on it: plan again");
		return -ESTALE;
	}
	/* What a program makes depends on its sources alone, not on what it made last. */
	if (action->kind != VIA_ACTION_GENERATE && strcmp(action->expected, VIA_AS_MADE) != 0 &&
	    strcmp(found.value, action->expected) != 0) {
		error_set(error, -ESTALE, act, action->target,
			  "its %s was planned to go from \"%s\" to \"%s\", but now is \"%s\"", kind,
			  action->expected, action->wanted, found.value);
		error_hint(error, "the host has changed since: plan again");
		return -ESTALE;
	}
	*ret = found;
	return 0;
}

static bool same_lever(const struct via_action *a, const struct via_action *b)
{
	return a->kind == b->kind && strcmp(a->target, b->target) == 0;
}

/* The last action before @n that moves the same lever, or NULL. */
static const struct via_action *earlier(const struct via_plan *plan, size_t n,
					enum via_action_kind kind, const char *target)
{
	const struct via_action probe = { .kind = kind, .target = target };

	while (n-- > 0)
		if (same_lever(&plan->actions.items[n], &probe))
			return &plan->actions.items[n];
	return NULL;
}

static bool counted_earlier(const struct via_plan *plan, size_t n, const char *physfn)
{
	for (size_t i = 0; i < n; i++)
		if (plan->actions.items[i].kind == VIA_ACTION_SRIOV_COUNT &&
		    (!physfn || strcmp(plan->actions.items[i].target, physfn) == 0))
			return true;
	return false;
}

/* A device of another bus that an earlier action makes, or the bus that a module brings. */
static bool made_earlier(const struct via_plan *plan, size_t n)
{
	const struct via_action *action = &plan->actions.items[n];

	for (size_t i = 0; i < n; i++) {
		const struct via_action *before = &plan->actions.items[i];

		if (action->kind == VIA_ACTION_BUS_AUTOPROBE
			    ? before->kind == VIA_ACTION_MODULE
			    : before->kind == VIA_ACTION_VDPA &&
				      strcmp(before->target, action->target) == 0)
			return true;
	}
	return false;
}

/* Whether only the plan's own course makes the target, or its value, what it will be. */
static bool comes_later(const struct via_world *world, const struct via_plan *plan, size_t n,
			struct via_arena *arena)
{
	const struct via_action *action = &plan->actions.items[n];
	const char *physfn;

	if (!target_is_function(action))
		return target_there(world, action) == 0 && made_earlier(plan, n);
	if (!counted_earlier(plan, n, NULL))
		return false;
	if (target_there(world, action) == 0)
		return true;
	physfn = target_physfn(world, action->target, arena);
	return physfn && counted_earlier(plan, n, physfn);
}

static int check_chain(const struct via_action *action, const struct via_action *before,
		       struct via_error *error)
{
	if (strcmp(before->wanted, action->expected) == 0)
		return 0;
	return error_set(error, -EINVAL, act, action->target,
			 "it expects %s to be \"%s\" where an earlier step makes it \"%s\"",
			 action_kind_name(action->kind), action->expected, before->wanted);
}

/*
 * Undoing runs backwards: when a driver is to be given back, driver_override is what it was
 * when the driver was taken away, and must let it in.
 */
static int check_way_back(const struct via_world *world, const struct via_plan *plan, size_t n,
			  struct via_arena *arena, struct via_error *error)
{
	const struct via_action *action = &plan->actions.items[n], *before;
	struct via_action override = { .kind = VIA_ACTION_DRIVER_OVERRIDE,
				       .target = action->target };
	const char *value;

	if (action->kind != VIA_ACTION_DRIVER || !*action->expected)
		return 0;
	before = earlier(plan, n, VIA_ACTION_DRIVER_OVERRIDE, action->target);
	if (before)
		value = before->wanted;
	else if (lever_get(world, &override, arena, &value) < 0)
		return 0;
	if (!*value || strcmp(value, action->expected) == 0)
		return 0;
	return error_set(error, -EINVAL, act, action->target,
			 "driver %s could not be given back while driver_override says %s: the "
			 "override has to change after the driver is taken away",
			 action->expected, value);
}

/* In the way of the change, or of its undo. */
static int check_obstacle(const struct via_world *world, const struct via_action *action,
			  struct via_arena *arena, struct via_error *error)
{
	const char *obstacle;
	int r = lever_obstacle(world, action, arena, &obstacle);

	if (r < 0)
		return error_set(error, r, act, action->target,
				 "whether it can be changed could not be told: %s", strerror(-r));
	if (!obstacle)
		return 0;
	error_set(error, -EPERM, act, action->target, "it cannot be changed: %s", obstacle);
	return error_hint(error, "nothing was touched: take the obstacle away, then try again");
}

static int check_step(const struct via_world *world, const struct via_plan *plan, size_t n,
		      struct via_arena *arena, struct via_error *error)
{
	const struct via_action *action = &plan->actions.items[n], *before;
	struct via_found found;
	int r = lever_check(action, error);

	if (r == 0 && world->effects.files_only && !action_kind_persists(action->kind))
		r = error_set(error, -EROFS, act, action->target,
			      "%s is a matter of a running kernel, and this is an image",
			      action_kind_name(action->kind));
	if (r == 0)
		r = check_obstacle(world, action, arena, error);
	if (r < 0)
		return r;
	before = earlier(plan, n, action->kind, action->target);
	if (before)
		r = check_chain(action, before, error);
	else if (!comes_later(world, plan, n, arena))
		r = check_action(world, action, arena, &found, error);
	return r < 0 ? r : check_way_back(world, plan, n, arena, error);
}

int check_plan(const struct via_world *world, const struct via_plan *plan, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	int r = 0;

	for (size_t n = 0; r == 0 && n < plan->actions.count; n++)
		r = check_step(world, plan, n, arena, error);
	return r;
}

/* The size of a VF's table of interrupts stands in its configuration, its turns on a GPU in
 * attributes; all else is asked of drivers. */
static bool root_tells(enum via_action_kind kind)
{
	return kind == VIA_ACTION_VF_MSIX || kind == VIA_ACTION_VF_QUANTUM ||
	       kind == VIA_ACTION_VF_PREEMPT;
}

static bool settles(const struct via_world *world, const struct via_plan *plan, size_t n,
		    struct via_arena *arena, const char **ret)
{
	const struct via_action *action = &plan->actions.items[n];

	return strcmp(action->expected, VIA_AS_MADE) == 0 &&
	       (world->effects.ops || root_tells(action->kind)) &&
	       !earlier(plan, n, action->kind, action->target) &&
	       !comes_later(world, plan, n, arena) && lever_get(world, action, arena, ret) == 0;
}

void check_settle(const struct via_world *world, struct via_plan *plan)
{
	size_t count = plan->actions.count, kept = 0;

	/* The plan stays whole until all is looked at: what comes later rests on what is before. */
	struct via_action *settled = arena_alloc(plan->arena, (count + 1) * sizeof(*settled));

	for (size_t n = 0; n < count; n++) {
		struct via_action action = plan->actions.items[n];
		const char *value;

		if (settles(world, plan, n, plan->arena, &value))
			action.expected = value;
		if (strcmp(action.expected, action.wanted) != 0 ||
		    action.kind == VIA_ACTION_GENERATE)
			settled[kept++] = action;
	}
	for (size_t n = 0; n < kept; n++)
		plan->actions.items[n] = settled[n];
	plan->actions.count = kept;
	plan_seal(plan);
}
