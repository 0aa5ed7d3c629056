/* SPDX-License-Identifier: GPL-2.0-or-later */
#define VIA_LIBPCI_NAMES_ONLY
#include "render/libpci_late.h"

#include <pthread.h>

#include "base/late.h"

/* Its interface has been the same since 2008. */
static const char soname[] = "libpci.so.3";

static const struct via_late_call calls[] = {
#define VIA_CALL(name) { #name, offsetof(struct via_libpci, name) },
	LIBPCI_CALLS(VIA_CALL)
#undef VIA_CALL
};

struct via_libpci via_libpci;
static bool loaded;

static void load(void)
{
	loaded = late_load(soname, &via_libpci, calls, sizeof(calls) / sizeof(*calls));
}

bool libpci_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return loaded;
}
