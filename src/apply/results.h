/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "sys/root.h"

/*
 * What was measured and proved on this host before: var/lib/viaduct/results/KIND/TIME.json, one
 * file a run, the JSON that the command prints. A file is whole or not there.
 */

/**
 * results_save - keep a result
 * @kind: "bench", "prove"; one folder each
 * @time: UTC, ISO 8601: the file is named after it
 *
 * What is told to be kept is on disk when this returns. Only the last 100 of a kind stay.
 *
 * Return: 0; negative errno: -EACCES without root
 */
int results_save(const struct via_root *root, const char *kind, const char *time, const char *text,
		 struct via_error *error);

/**
 * results_latest - the latest result of a kind
 * @ret_path: below the root; may be NULL
 * @ret_text: its content
 *
 * Return: 0; -ENOENT there is none; other negative errno
 */
int results_latest(const struct via_root *root, struct via_arena *arena, const char *kind,
		   const char **ret_path, const char **ret_text);
