/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "plan/action.h"
#include "render/paper.h"

void text_plan(const struct via_paper *paper, const struct via_plan *plan);

/* text_change - ": old → new"; of a program that makes files nothing, since they say it */
void text_change(const struct via_paper *paper, enum via_action_kind kind, const char *old,
		 const char *new);

/* text_difference - line by line, as wide as it is: it is there to be copied */
void text_difference(const struct via_paper *paper, const char *diff);

/* json_plan - viaduct.plan/1; the caller owns the result */
json_t *json_plan(const struct via_plan *plan);
