/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "plan/action.h"
#include "sys/stage.h"
#include "sys/world.h"

/*
 * Programs that make what a host boots from (update-grub, update-initramfs …). None of them
 * is let near the files that are booted: GRUB's writes its configuration to a place of ours
 * (-o), others run with stand-ins for /boot and the EFI partition (sys/stage.h). What they
 * made is then put in place by the caller, as any file: the old one kept, replaced at once.
 */

/**
 * make_stage - run a program and see what it would change
 * @command: its name and arguments, one blank between two
 * @ret: files that get another content, those that a loader reads first last; sources lie in
 *       a scratch directory until make_end()
 * @ret_said: the end of what it printed; NULL where it did not run
 *
 * Effect: var/lib/viaduct/stage
 * Return: 0; -ENOENT no such program; -EIO it failed; -ENOTSUP it cannot be run safely here;
 *         other negative errno; told in @error
 */
int make_stage(const struct via_world *world, const char *command, struct via_arena *arena,
	       struct via_staged *ret, const char **ret_said, struct via_error *error);

/* make_end - forget what was staged */
void make_end(const struct via_world *world);

/* make_action - putting one staged file in place, as an action. Return: 0; negative errno */
int make_action(const struct via_world *world, const struct via_staged_file *file,
		struct via_arena *arena, struct via_action *ret);

/* make_put - do it. Return: 0; negative errno */
int make_put(const struct via_world *world, const struct via_staged_file *file,
	     const struct via_action *action);

/* make_parents - the directories that a file needs, made where they are missing. Return: 0;
 * negative errno */
int make_parents(const struct via_world *world, const char *path);

/* make_kernels - the releases whose modules are installed, as one text: what programs make
 * depends on them as well */
const char *make_kernels(const struct via_world *world, struct via_arena *arena);

/* make_is_for_later - whether this is an image that lacks the program: it is still to be run */
bool make_is_for_later(const struct via_world *world, const char *command, struct via_arena *arena);

/* make_could_not_run - whether @r tells that the program of an image is there and does not run
 * here, being of another processor or without its shell: it is still to be run as well */
bool make_could_not_run(const struct via_world *world, int r);

/* make_program_there - whether the program of a command is installed */
bool make_program_there(const struct via_world *world, const char *command,
			struct via_arena *arena);
