/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/host.h"

struct via_host *host_new(void)
{
	struct via_arena *arena = arena_new();
	struct via_host *host = arena_new_object(arena, struct via_host);

	host->arena = arena;
	return host;
}

void host_free(struct via_host *host)
{
	if (host)
		arena_free(host->arena);
}
