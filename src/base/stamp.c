/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/stamp.h"

static const char format[] = "%Y-%m-%dT%H:%M:%SZ";

void stamp_now(char ret[STAMP_BYTES])
{
	time_t seconds = time(NULL);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(ret, STAMP_BYTES, format, &utc);
}

time_t stamp_parse(const char *text)
{
	struct tm utc = { 0 };

	return strptime(text, format, &utc) ? timegm(&utc) : 0;
}
