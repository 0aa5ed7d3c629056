/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "model/host.h"
#include "plan/action.h"

/**
 * struct via_goal_kind - a goal that can be planned; one file each
 * @arguments: as help shows them
 * @plan: adds actions and refusals for what the words ask; 0, or a negative errno when the
 *        words themselves are wrong
 */
struct via_goal_kind {
	const char *name, *arguments, *summary;
	int (*plan)(const struct via_host *host, const char *const *words, size_t count,
		    struct via_plan *plan, struct via_error *error);
};

extern const struct via_goal_kind goal_sriov, goal_passthrough, goal_mdev, goal_vdpa, goal_iommu,
	goal_isolate, goal_nested, goal_hugepages, goal_guard;

/* goal_kinds - all of them, ended by NULL */
const struct via_goal_kind *const *goal_kinds(void);

/**
 * plan_new - the ordered actions that lead from the host as it is to the goal
 * @words: "sriov", "0000:02:00.0=2" …
 *
 * What the host must not lose is refused in plan->refused; a plan with refusals has no
 * actions for them and cannot be applied.
 *
 * Return: 0; -EINVAL for words that are no goal; -ENODEV, -ENOTUNIQ from select_device()
 */
int plan_new(struct via_arena *arena, const struct via_host *host, const char *const *words,
	     size_t count, struct via_plan *ret, struct via_error *error);

/* plan_new_insisting - likewise, with the uses overruled that @insistence is enough for */
int plan_new_insisting(struct via_arena *arena, const struct via_host *host,
		       const char *const *words, size_t count, enum via_insistence insistence,
		       struct via_plan *ret, struct via_error *error);

/**
 * plan_bind - bind one function to a driver, now
 * @override: the driver_override to leave behind: usually the driver's name; "" for none
 */
void plan_bind(struct via_plan *plan, const struct via_pci_device *device, const char *override,
	       const char *driver);

/* plan_seal - give a plan its id, a hash of what it does */
void plan_seal(struct via_plan *plan);

/* plan_risk / plan_by_hand - a sentence for the reader of the plan */
void plan_risk(struct via_plan *plan, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void plan_by_hand(struct via_plan *plan, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* plan_act / plan_refuse - add to a plan; strings are not copied */
struct via_action *plan_act(struct via_plan *plan, enum via_action_kind kind, const char *target,
			    const char *expected, const char *wanted, const char *why);
void plan_refuse(struct via_plan *plan, const char *what, const char *hint, const char *why, ...)
	__attribute__((format(printf, 4, 5)));

/* plan_moves - whether an action of the plan moves that lever already */
bool plan_moves(const struct via_plan *plan, enum via_action_kind kind, const char *target);

/* plan_identity - "8086:10c9", or NULL where the ids could not be read */
const char *plan_identity(struct via_arena *arena, const struct via_pci_device *device);

/* plan_overrule - what would be refused, and is not, since the user insisted */
void plan_overrule(struct via_plan *plan, const char *what, const char *why);

/**
 * plan_refuse_holders - refuse what the host would miss, unless plan->insistence overrules it
 * Return: whether anything was refused
 */
bool plan_refuse_holders(struct via_plan *plan, const struct via_pci_device *device);

/**
 * plan_refuse_functions - refuse to change the driver of a PF that has VFs on: they end with it,
 * whoever has them
 * Return: whether it was refused
 */
bool plan_refuse_functions(struct via_plan *plan, const struct via_pci_device *device);
