/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/fact.h"

#include <string.h>

static const char *const known_names[] = {
	[VIA_NOT_ASKED] = "not-asked",
	[VIA_ABSENT] = "absent",
	[VIA_PRESENT] = "present",
	[VIA_UNKNOWN] = "unknown",
};

const char *known_name(enum via_known known)
{
	return known_names[known];
}

const char *errno_name(int error)
{
	const char *name = strerrorname_np(error);

	return name ? name : "E?";
}
