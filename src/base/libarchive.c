/* SPDX-License-Identifier: GPL-2.0-or-later */
#define VIA_LIBARCHIVE_NAMES_ONLY
#include "base/libarchive.h"

#include <pthread.h>

#include "base/late.h"

/* Its interface is that of libarchive 3, since 2012. */
static const char soname[] = "libarchive.so.13";

static const struct via_late_call calls[] = {
#define VIA_CALL(name) { #name, offsetof(struct via_libarchive, name) },
	LIBARCHIVE_CALLS(VIA_CALL)
#undef VIA_CALL
};

struct via_libarchive via_libarchive;
static bool loaded;

static void load(void)
{
	loaded = late_load(soname, &via_libarchive, calls, sizeof(calls) / sizeof(*calls));
}

bool libarchive_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return loaded;
}
