/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <string.h>

/* The value of one shell-style assignment of os-release, its quotes taken off. */
static struct via_fact os_release(const struct via_root *root, struct via_arena *arena,
				  const char *key)
{
	struct via_fact fact = probe_search(root, arena, "etc/os-release", 16 * 1024, key);
	size_t length;

	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	length = strlen(fact.text);
	if (length >= 2 && fact.text[0] == '"' && fact.text[length - 1] == '"')
		fact.text = arena_strndup(arena, fact.text + 1, length - 2);
	return fact;
}

void probe_system(const struct via_root *root, const struct via_queries *queries,
		  struct via_host *host)
{
	host->kernel_release = root_text(root, host->arena, "proc/sys/kernel/osrelease");
	host->os_id = os_release(root, host->arena, "ID=");
	host->os_name = os_release(root, host->arena, "PRETTY_NAME=");
	host->effective_uid = query_effective_uid(queries);
}
