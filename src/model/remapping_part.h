/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/remapping.h"

/* The half of remapping.c that knows IVRS. */
void remapping_add_ivrs(struct via_arena *arena, const struct via_host *host,
			struct via_remapping *remapping);

/* ivhd_covers - whether an entry of the block is for that requester id */
bool ivhd_covers(const struct via_ivrs_block *block, uint16_t rid);
