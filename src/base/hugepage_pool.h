/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * A pool of huge pages by its name: "2048kB" of the whole host, "2048kB@0" of one node.
 */
struct via_hugepage_pool {
	uint64_t size_kib;
	bool on_node;
	uint64_t node;
};

const char *hugepage_pool_name(const struct via_hugepage_pool *pool, struct via_arena *arena);

/* hugepage_pool_parse - Return: 0; -EINVAL for what is no such name */
int hugepage_pool_parse(const char *name, struct via_hugepage_pool *ret);

/* hugepage_pool_folder - where the kernel tells of it, relative to the root */
const char *hugepage_pool_folder(const struct via_hugepage_pool *pool, struct via_arena *arena);

/* hugepage_size_kib - "1G", "2M", "64K" in KiB; 0 for what is no size */
uint64_t hugepage_size_kib(const char *text);
