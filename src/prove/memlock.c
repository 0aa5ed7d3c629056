/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/memlock.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <linux/capability.h>

#include "base/capability.h"
#include "base/cleanup.h"

/* The number of KiB in a line of /proc/self/status. */
static void cite_locked(const struct via_root *root, const struct via_report *report)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_fact status = root_text(root, arena, "proc/%d/status", (int)getpid());
	const char *line = fact_text(&status) ? strstr(status.text, "\nVmLck:") : NULL;

	if (line)
		report_evidence(report, "memlock_used", "%lu KiB",
				strtoul(line + strlen("\nVmLck:"), NULL, 10));
}

void memlock_raise(const struct via_root *root, const struct via_report *report, uint64_t needed,
		   const char *counted_by)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_MEMLOCK, &limit);
	report_evidence(report, "memlock_needed", "%llu KiB", (unsigned long long)needed / 1024);
	if (capability_held(CAP_IPC_LOCK))
		report_evidence(report, "memlock", "no limit: CAP_IPC_LOCK");
	else if (limit.rlim_max == RLIM_INFINITY)
		report_evidence(report, "memlock", "unlimited");
	else
		report_evidence(report, "memlock", "%llu KiB a %s",
				(unsigned long long)limit.rlim_max / 1024, counted_by);
	cite_locked(root, report);
}
