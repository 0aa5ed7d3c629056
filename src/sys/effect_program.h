/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/effect.h"

/**
 * effect_program_run - run a program of the host to its end
 * @words: its name, looked for in the usual directories, and its arguments; ended by NULL
 * @scratch: an empty directory in the root: it runs with stand-ins for /boot and the EFI
 *           partition, and changes neither (sys/stage.h). NULL: it runs as it is
 * @ret_said: the end of what it printed, for a person; set also where it fails. May be NULL
 *
 * No shell, nothing on its standard input, the environment cleared but for PATH, HOME, LANG.
 * In another root than the running host it runs there (chroot).
 *
 * Return: 0; -ENOENT no such program; -ENOTSUP there can be no stand-ins here (why, in
 *         @ret_said); -EIO it ended with another status than 0, told in
 *         @ret_said; -ETIMEDOUT after 15 minutes; other negative errno
 */
int effect_program_run(const struct via_effects *effects, const char *const *words,
		       const char *scratch, struct via_arena *arena, const char **ret_said);
