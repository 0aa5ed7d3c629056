/* SPDX-License-Identifier: GPL-2.0-or-later */
#define VIA_LIBARCHIVE_NAMES_ONLY
#include "base/libarchive.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/* Its interface is that of libarchive 3, since 2012. */
static const char soname[] = "libarchive.so.13";

static const struct {
	const char *name;
	size_t offset;
} calls[] = {
#define VIA_CALL(name) { #name, offsetof(struct via_libarchive, name) },
	LIBARCHIVE_CALLS(VIA_CALL)
#undef VIA_CALL
};

struct via_libarchive via_libarchive;
static bool loaded;

static void load(void)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; library && i < sizeof(calls) / sizeof(*calls); i++) {
		void *call = dlsym(library, calls[i].name);

		if (!call)
			return;
		memcpy((char *)&via_libarchive + calls[i].offset, &call, sizeof(call));
	}
	loaded = library;
}

bool libarchive_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return loaded;
}
