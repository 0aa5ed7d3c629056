/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/occasion.h"
#include "sys/root.h"

/* occasion_look - now, and what this host is made of; texts in @arena */
void occasion_look(const struct via_root *root, struct via_arena *arena, struct via_occasion *ret);
