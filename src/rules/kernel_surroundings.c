/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"

static enum via_verdict containers(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;
	const char *sysfs = fact_text(&kernel->sysfs_mount);
	bool read_only = sysfs && strcmp(sysfs, "ro") == 0;

	finding_cite(finding, &kernel->container);
	finding_cite(finding, &kernel->sysfs_mount);
	finding_cite(finding, &kernel->vfio_groups);
	if (fact_is(&kernel->container, VIA_PRESENT) || read_only) {
		finding_detail(finding,
			       "This is looked at from inside a container (%s): /sys%s may lack "
			       "much of the host, and the control group decides which nodes can "
			       "be opened, whatever their modes say.",
			       fact_text(&kernel->container) ? kernel->container.text : "unnamed",
			       read_only ? " is read-only and" : "");
		finding_manual(finding, "Run viaduct on the host itself, or give the container "
					"/dev/vfio, /dev/kvm and their device rules (--device; "
					"lxc.cgroup2.devices.allow).");
		return VIA_WARN;
	}
	if (!fact_is(&kernel->container, VIA_ABSENT))
		return VIA_CANNOT_TELL;
	finding_detail(finding, "This is the host itself, or looks so.");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.containers",
		.layer = VIA_LAYER_KERNEL,
		.title = "The host is looked at from outside of containers",
		.source = "systemd.io CONTAINER_INTERFACE; "
			  "Documentation/admin-guide/cgroup-v2.rst, devices",
		.eval = containers,
	},
};

const struct via_rule_table kernel_surrounding_rules = { rules, VIA_COUNT(rules) };
