/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/memtree.h"

/* host_files - the files of a made-up host: a port, a card with two VFs, a disk, groups */
struct via_memtree *host_files(struct via_arena *arena);
