/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/command.h"

/**
 * judging_look - the host with all that findings rest on, but for what its owner recorded or
 *                declares
 * @release: the kernel that is judged before it runs; NULL: the newest, where that does not run
 */
struct via_host *judging_look(const struct via_session *session, const char *release);

/**
 * judging_status - the exit status that findings amount to
 * @mildest: the mildest verdict that is wrong: VIA_FAIL, or VIA_WARN
 */
int judging_status(const struct via_findings *findings, enum via_verdict mildest);
