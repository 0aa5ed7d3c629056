/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "plan/action.h"
#include "render/paper.h"

void text_plan(const struct via_paper *paper, const struct via_plan *plan);

/* json_plan - viaduct.plan/1; the caller owns the result */
json_t *json_plan(const struct via_plan *plan);
