/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

/* What makers of containers leave behind in them. */
static struct via_fact container(const struct via_root *root, struct via_arena *arena)
{
	struct via_fact fact = root_text(root, arena, "run/systemd/container"), other;

	if (fact_is(&fact, VIA_PRESENT))
		return fact;
	other = root_exists(root, arena, ".dockerenv");
	if (fact_is(&other, VIA_PRESENT))
		return fact_present(other.path, "docker", 1);
	other = root_exists(root, arena, "run/.containerenv");
	if (fact_is(&other, VIA_PRESENT))
		return fact_present(other.path, "podman", 1);
	/* The host's own first process has no such name in its group; a container's may. */
	other = root_text(root, arena, "proc/1/cgroup");
	if (fact_text(&other))
		for (size_t i = 0; i < 4; i++) {
			static const char *const marks[] = { "docker", "kubepods", "lxc",
							     "libpod" };

			if (strstr(other.text, marks[i]))
				return fact_present(other.path, marks[i], 1);
		}
	return fact;
}

/* "22 1 0:20 / /sys ro,nosuid - sysfs sysfs ro": the first word of its options */
static struct via_fact sysfs_mount(const struct via_root *root, struct via_arena *arena)
{
	struct via_fact mounts = root_text(root, arena, "proc/self/mountinfo");
	const char *at = fact_text(&mounts);

	if (!at)
		return mounts;
	at = strstr(at, " /sys ");
	if (!at)
		return fact_absent(mounts.path);
	at += strlen(" /sys ");
	return fact_present(mounts.path, text_starts(at, "ro") ? "ro" : "rw", 1);
}

void probe_surroundings(const struct via_root *root, struct via_host *host)
{
	struct via_kernel *kernel = &host->kernel;

	kernel->tainted = root_number(root, host->arena, "proc/sys/kernel/tainted");
	kernel->signed_only =
		root_text(root, host->arena, "sys/module/module/parameters/sig_enforce");
	kernel->container = container(root, host->arena);
	kernel->sysfs_mount = sysfs_mount(root, host->arena);
}
