/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "model/host.h"
#include "sys/root.h"

/*
 * A change that one boot alone tries: the system as it is stays the default under a name of its
 * own, and the loader is told to start the changed one once. Whatever ends that boot without a
 * confirmation leads back.
 */

/**
 * boot_trial_look - whether and how that can be done here
 * @host: looked at by boot_look() already; its boot.trial is filled in
 *
 * Depth:  attributes
 */
void boot_trial_look(const struct via_root *root, struct via_host *host);

/**
 * boot_trial_entry - the entry that boots the changed system once
 * @id: goes on its line, with what ends a panic by a reset
 * @ret_path: its file, relative to the root
 * @ret_text: what that has to hold
 *
 * Made of the entry that would boot next by now.
 *
 * Return: 0; -EOPNOTSUPP this loader has no such way; -ENODATA that entry could not be told
 */
int boot_trial_entry(const struct via_root *root, struct via_arena *arena, const char *id,
		     const char **ret_path, const char **ret_text);
