/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/occasion.h"

/* json_occasion - what the host was, all but the time; owned by the caller */
json_t *json_occasion(const struct via_occasion *occasion);

/* occasion_from_json - that of a whole result: its "time" and its "host"; texts in @arena */
void occasion_from_json(const json_t *result, struct via_arena *arena, struct via_occasion *ret);
