/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "probe/lines.h"

/* The value of one shell-style assignment of os-release, its quotes taken off. */
static struct via_fact assignment(const struct via_fact *file, struct via_arena *arena,
				  const char *key)
{
	struct via_fact fact = lines_value(file, arena, key);
	size_t length = fact_text(&fact) ? strlen(fact.text) : 0;

	if (length >= 2 && strchr("\"'", fact.text[0]) && fact.text[length - 1] == fact.text[0])
		fact.text = arena_strndup(arena, fact.text + 1, length - 2);
	return fact;
}

/* As whom this process looks, in its own words. */
static void probe_caller(const struct via_root *root, struct via_host *host)
{
	struct via_caller *caller = &host->kernel.caller;
	struct via_arena *arena = host->arena;
	struct via_fact line;

	caller->status = root_text(root, arena, "proc/self/status");
	caller->uid = host->effective_uid;
	caller->capable = lines_number(&caller->status, arena, "CapEff:", 16);
	caller->groups = lines_value(&caller->status, arena, "Groups:");
	line = lines_value(&caller->status, arena, "Gid:");
	if (fact_text(&caller->groups) && fact_text(&line)) {
		const char *effective = line.text + strcspn(line.text, " \t");

		caller->groups.text =
			arena_printf(arena, "%d %s", atoi(effective), caller->groups.text);
	}
}

void probe_system(const struct via_root *root, const struct via_queries *queries,
		  struct via_host *host)
{
	struct via_fact release = root_text(root, host->arena, "etc/os-release");

	if (!fact_is(&release, VIA_PRESENT)) {
		struct via_fact other = root_text(root, host->arena, "usr/lib/os-release");

		if (fact_is(&other, VIA_PRESENT))
			release = other;
	}
	host->kernel_release = root_text(root, host->arena, "proc/sys/kernel/osrelease");
	host->os_id = assignment(&release, host->arena, "ID=");
	host->os_name = assignment(&release, host->arena, "PRETTY_NAME=");
	host->effective_uid = query_effective_uid(queries);
	probe_caller(root, host);
}
