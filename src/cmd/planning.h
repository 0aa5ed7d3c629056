/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/command.h"

/**
 * planning_refused - an error for a plan that was refused: every reason, one a line, on
 * stderr, and the first as the error
 * Return: VIA_EXIT_COULD_NOT
 */
int planning_refused(const struct via_session *session, const struct via_plan *plan);
