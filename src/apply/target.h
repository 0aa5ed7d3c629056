/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "plan/action.h"
#include "sys/world.h"

/*
 * The thing an action is done to: a PCI function, a device of another bus or the bus itself; or
 * what is always "there", with the value that there is none: a module, a device that is to be
 * made, a file, what a program makes.
 */

bool target_is_function(const struct via_action *action);

/* target_bus - the bus on which the target is a device: "pci", "vdpa"; NULL for none */
const char *target_bus(const struct via_action *action);

/* target_there - Return: 1; 0 when it is not there; a negative errno when it cannot be told */
int target_there(const struct via_world *world, const struct via_action *action);

/* target_wait - wait until it is there. Return: 0; -ETIMEDOUT; other negative errno */
int target_wait(const struct via_world *world, const struct via_action *action,
		unsigned int limit_ms);

/**
 * target_identity - the function's "vendor:device" as sysfs has it now
 * @ret: "" for what is no function
 *
 * Depth:  attributes
 * Return: 0; -ENODEV when it is not there; other negative errno
 */
int target_identity(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret);

/**
 * target_instance - tells a function from one that left and came back to the same address:
 * the kernel gives each a directory of its own, with a number never used before
 * @ret: 0 for what has none (a module)
 *
 * Return: 0; -ENODEV when it is not there; other negative errno
 */
int target_instance(const struct via_world *world, const struct via_action *action, uint64_t *ret);

/* target_physfn - the PF above a VF, or NULL when it is none */
const char *target_physfn(const struct via_world *world, const char *address,
			  struct via_arena *arena);
