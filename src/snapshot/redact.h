/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "snapshot/secrets.h"
#include "sys/memtree.h"

/**
 * redact_tree - the same tree with placeholders for what tells hosts apart
 *
 * In texts, names and link targets: the gathered secrets, every UUID, every MAC address (also
 * in names such as enx…), values of UUID= and PARTUUID=, what files named serial, wwid, … hold,
 * servers of network mounts. In configuration space: the Device Serial Number is zeroed.
 * Host names are left alone in files that come from the distribution or the hardware
 * (os-release, kernel configuration, module indexes …), where such a word means something else.
 *
 * Return: a tree in place of @tree, in the same arena; @tree is used up
 */
struct via_memtree *redact_tree(struct via_memtree *tree, struct via_secrets *secrets);

/**
 * redact_check - look for the host's own secrets in what was written
 * Return: 0; -EBADE when one is there, and @error says what kind of secret, and where
 */
int redact_check(const struct via_memtree *tree, const struct via_secrets *secrets,
		 const char *name, struct via_error *error);
