/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/span.h"
#include "sys/memtree.h"

/**
 * kernel_log_files - lay out a kernel's log as the files it amounts to
 * @text: what dmesg or journalctl -k printed
 *
 * Of the last boot in it: the log, the command line, the release, and, of each PCI function
 * that was listed, its ids, its class, the bridges above it and its group. What a log does
 * not say (drivers, units, configuration space) is unknown in the tree.
 *
 * Return: the tree, in @arena; NULL when @text is no kernel's log
 */
struct via_memtree *kernel_log_files(struct via_arena *arena, struct via_span text);
