/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/generate.h"
#include "sys/root.h"

/**
 * boot_read_back - what is so, of claims about the next boot
 * @claims: each @holds is set to what was found
 *
 * Reads what the loader will read: the entry that boots next and its initramfs, whatever
 * their sources say. Without a claim nothing is read.
 *
 * Depth:  attributes
 * Return: 0; -ENODATA when the entry that boots next could not be told, or its line or image
 *         not be read
 */
int boot_read_back(const struct via_root *root, struct via_arena *arena, struct via_claims *claims);
