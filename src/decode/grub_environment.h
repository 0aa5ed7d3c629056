/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/span.h"

struct via_grub_variable {
	const char *name, *value;
};

struct via_grub_environment {
	via_list(struct via_grub_variable) variables;
	bool whole; /* 1024 bytes with the signature: GRUB will read it and can write it */
};

/**
 * grub_environment_decode - grubenv, the block in which GRUB keeps saved_entry and next_entry
 *
 * "\" and a newline inside a value stand for themselves after a "\"; '#' pads the block.
 *
 * Return: 0; -EBADMSG without the signature (the variables are read all the same)
 * Source: GRUB manual, Environment block
 */
int grub_environment_decode(struct via_arena *arena, struct via_span bytes,
			    struct via_grub_environment *ret);

/* grub_variable - the value of a variable; NULL where it is not set or empty */
const char *grub_variable(const struct via_grub_environment *environment, const char *name);

/* grub_variable_there - whether a variable has a line of its own, be it empty */
bool grub_variable_there(const struct via_grub_environment *environment, const char *name);

/**
 * grub_environment_set - the block with another value of one variable
 * @bytes: of a whole block; none: a new one is made
 * @value: NULL takes the variable's line out. No backslash or newline
 * @ret: 1024 bytes; all else in it as it was
 *
 * Return: 0; -EBADMSG it is no whole block; -ENOSPC it is full
 */
int grub_environment_set(struct via_arena *arena, struct via_span bytes, const char *name,
			 const char *value, struct via_span *ret);
