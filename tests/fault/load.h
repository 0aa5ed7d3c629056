/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/memtree.h"

/* tree_load - all of a directory on disk into memory; consumes @fd; 0 or a negative errno */
int tree_load(struct via_memtree *tree, int fd, const char *path);
