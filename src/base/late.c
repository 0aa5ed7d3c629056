/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/late.h"

#include <dlfcn.h>
#include <string.h>

bool late_load(const char *soname, void *table, const struct via_late_call *calls, size_t count)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; library && i < count; i++) {
		void *call = dlsym(library, calls[i].name);

		if (!call)
			return false;
		memcpy((char *)table + calls[i].offset, &call, sizeof(call));
	}
	return library;
}
