/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/reset_methods.h"

#include <string.h>

#include "base/cleanup.h"

static bool is_method(const char *word, size_t length)
{
	static const char *const methods[] = { "device_specific", "acpi", "flr",
					       "af_flr",	  "pm",	  "bus",
					       "cxl_bus" };

	for (size_t i = 0; i < VIA_COUNT(methods); i++)
		if (strlen(methods[i]) == length && memcmp(methods[i], word, length) == 0)
			return true;
	return false;
}

bool reset_methods_valid(const char *value)
{
	if (!*value)
		return true;
	for (const char *at = value;; at++) {
		size_t length = strcspn(at, " ");

		if (!is_method(at, length))
			return false;
		at += length;
		if (!*at)
			return true;
	}
}
