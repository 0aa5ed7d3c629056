/* SPDX-License-Identifier: GPL-2.0-or-later */
#define VIA_LIBKMOD_NAMES_ONLY
#include "sys/libkmod_late.h"

#include <pthread.h>

#include "base/late.h"

/* Its interface has been the same since 2012. */
static const char soname[] = "libkmod.so.2";

static const struct via_late_call calls[] = {
#define VIA_CALL(name) { #name, offsetof(struct via_libkmod, name) },
	LIBKMOD_CALLS(VIA_CALL)
#undef VIA_CALL
};

struct via_libkmod via_libkmod;
static bool loaded;

static void load(void)
{
	loaded = late_load(soname, &via_libkmod, calls, sizeof(calls) / sizeof(*calls));
}

bool libkmod_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return loaded;
}
