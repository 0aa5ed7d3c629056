/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <string.h>

static const char tree[] = "var/lib/dkms";

/* var/lib/dkms/NAME/VERSION/KERNEL is there once the module is built for that kernel. */
static void probe_version(const struct via_root *root, struct via_host *host, const char *name,
			  const char *version)
{
	struct via_dkms_package *package = via_list_add(host->arena, &host->kernel.dkms);
	const char *running = fact_text(&host->kernel_release);
	struct via_names entries;
	char *kernels = arena_strdup(host->arena, "");

	package->name = name;
	package->version = version;
	root_entries(root, host->arena, &entries, "%s/%s/%s", tree, name, version);
	via_for_each (entry, &entries) {
		if (strcmp(*entry, "source") == 0 || strcmp(*entry, "build") == 0)
			continue;
		kernels = arena_printf(host->arena, "%s%s%s", kernels, *kernels ? " " : "", *entry);
		package->built_for_running |= running && strcmp(*entry, running) == 0;
	}
	package->kernels = kernels;
}

void probe_dkms(const struct via_root *root, struct via_host *host)
{
	struct via_names packages, versions;

	host->kernel.dkms_tree = root_entries(root, host->arena, &packages, "%s", tree);
	via_for_each (name, &packages) {
		root_entries(root, host->arena, &versions, "%s/%s", tree, *name);
		via_for_each (version, &versions)
			if (strncmp(*version, "kernel-", 7) != 0 &&
			    strcmp(*version, "original_module") != 0)
				probe_version(root, host, *name, *version);
	}
}
