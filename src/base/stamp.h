/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <time.h>

/* Points in time as they are written down: 2026-11-29T14:55:08Z (RFC 3339, UTC). */
enum { STAMP_BYTES = 32 };

void stamp_now(char ret[STAMP_BYTES]);

/* stamp_parse - seconds since the epoch; 0 for what is no such text */
time_t stamp_parse(const char *text);
