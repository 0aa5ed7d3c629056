/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "plan/action.h"
#include "sys/world.h"

/*
 * What one kind of action reads and moves. Values are text, as in the plan and the
 * journal; lever_get() gives exactly the text that lever_set() was given.
 */
struct via_lever {
	bool (*valid)(const char *value);
	/* One move can lead from @from to @to; NULL: from any to any. */
	bool (*one_step)(const char *from, const char *to);
	int (*get)(const struct via_world *world, const struct via_action *action,
		   struct via_arena *arena, const char **ret);
	/* NULL: by what @aim names, and that alone. */
	int (*set)(const struct via_world *world, const struct via_action *action,
		   const char *value);
	/* Of what concerns one function and no other: the one attribute whose write moves it to
	 * @value; NULL: it is moved otherwise, or may concern others. */
	struct via_write (*aim)(const struct via_action *action, const char *value,
				struct via_arena *arena);
	/* What an exact undo has to know beside the value; NULL: nothing. */
	const char *(*beside)(const struct via_world *world, const struct via_action *action,
			      struct via_arena *arena);
	/* Why it could not be moved, seen before anything is; NULL: nothing keeps it. */
	int (*obstacle)(const struct via_world *world, const struct via_action *action,
			struct via_arena *arena, const char **ret);
	/* What a move that was cut short may have left, or an undo; 0 or negative errno. */
	int (*tidy)(const struct via_world *world, const struct via_action *action);
	/* After a move to @value that reads back: why it is not so all the same; or NULL. */
	const char *(*verify)(const struct via_world *world, const struct via_action *action,
			      const char *value, struct via_arena *arena);
	/* Of a move to @value that the kernel refused: what the cause was, in words. */
	void (*explain)(const struct via_world *world, const struct via_action *action,
			const char *value, int code, struct via_error *error);
	/* @present is what a move from @from to @to leaves when it dies on the way. */
	bool (*between)(const char *from, const char *to, const char *present);
};

/* lever_check - whether an action is one that can be done at all. Return: 0 or -EINVAL */
int lever_check(const struct via_action *action, struct via_error *error);

/**
 * lever_get - the value now
 * Depth:  attributes; nvme-secondary asks the controller
 * Return: 0; -ENODEV when the target is not there; other negative errno
 */
int lever_get(const struct via_world *world, const struct via_action *action,
	      struct via_arena *arena, const char **ret);

/**
 * lever_set - move to @value, once
 * Effect: the change itself
 * Return: 0; the kernel's negative errno. Only lever_get() tells what is so afterwards
 */
int lever_set(const struct via_world *world, const struct via_action *action, const char *value);

/* lever_goes_alone - whether moving it is one write that concerns its target alone, so that others
 * may be moved meanwhile */
bool lever_goes_alone(const struct via_action *action);

/* lever_aim - that write, not yet done; only of what goes alone */
struct via_write lever_aim(const struct via_action *action, const char *value,
			   struct via_arena *arena);

/* lever_beside - what to note of the host before an action, for its exact undo; or NULL */
const char *lever_beside(const struct via_world *world, const struct via_action *action,
			 struct via_arena *arena);

/**
 * lever_obstacle - what keeps the value from being changed at all, in @ret; NULL: nothing known
 * Return: 0; negative errno when it could not be told
 */
int lever_obstacle(const struct via_world *world, const struct via_action *action,
		   struct via_arena *arena, const char **ret);

/* lever_tidy - remove what a change that was cut short, or undone, has left beside the value */
int lever_tidy(const struct via_world *world, const struct via_action *action);

/* lever_between - whether @present is a half-way mark of moving from @from to @to */
bool lever_between(const struct via_action *action, const char *from, const char *to,
		   const char *present);

/* lever_verify - why a value that reads back as wanted is not so all the same, or NULL */
const char *lever_verify(const struct via_world *world, const struct via_action *action,
			 const char *value, struct via_arena *arena);

/**
 * lever_explain - put the cause of a refusal in the place of its errno, where it can be told
 * @code: negative errno; 0 where another value than @value was read back
 * @error: describes the failure already
 */
void lever_explain(const struct via_world *world, const struct via_action *action,
		   const char *value, int code, struct via_error *error);

/* One row each, by their files. */
extern const struct via_lever lever_module, lever_driver, lever_driver_override, lever_sriov_count,
	lever_sriov_autoprobe, lever_nvme_secondary, lever_file, lever_generate,
	lever_bus_autoprobe, lever_mdev, lever_vgpu, lever_vdpa, lever_vf_mac, lever_vf_vlan,
	lever_vf_trust, lever_vf_spoofchk, lever_vf_rate, lever_vf_link, lever_vf_msix,
	lever_vf_quantum, lever_vf_preempt, lever_eswitch, lever_reset_method, lever_d3cold_allowed,
	lever_power_control, lever_hugepages, lever_grub_once, lever_loader_entry;
