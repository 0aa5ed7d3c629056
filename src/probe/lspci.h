/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/span.h"
#include "sys/memtree.h"

/**
 * lspci_files - an `lspci -x` dump as the files sysfs would show of it
 *
 * Identity, configuration space and place (from the bridges' bus numbers) are there; SR-IOV
 * as far as its capability tells. All else was not looked at: ENODATA.
 *
 * Return: the tree, in @arena; NULL when @text is no such dump
 */
struct via_memtree *lspci_files(struct via_arena *arena, struct via_span text);
