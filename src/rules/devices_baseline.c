/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "rules/devices_part.h"

static enum via_verdict judge(const struct via_host_baseline *baseline, struct via_finding *finding)
{
	size_t grave = 0;

	via_for_each (change, &baseline->changes) {
		grave += change->grave;
		finding_cite_value(finding, change->what, "%s, and was: %s", change->is,
				   change->was);
	}
	if (grave) {
		finding_detail(finding,
			       "%zu thing%s of devices changed since %s: groups, reset methods, or "
			       "what sits at an address.",
			       grave, grave == 1 ? "" : "s", baseline->was.time);
		finding_manual(
			finding,
			"A new kernel, firmware or card changes groups: look at viaduct list "
			"--groups before a guest starts; when all is well as it is: viaduct "
			"baseline save.");
		return VIA_WARN;
	}
	if (baseline->untold) {
		finding_detail(finding, "Not all that was recorded at %s could be read now.",
			       baseline->was.time);
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, "Groups and reset methods are as at %s%s.", baseline->was.time,
		       baseline->changes.count ? ", under another kernel or firmware" : "");
	return VIA_PASS;
}

static enum via_verdict as_recorded(const struct via_host *host, struct via_finding *finding)
{
	const struct via_host_baseline *baseline = &host->baseline;

	finding_cite(finding, &baseline->file);
	if (!baseline->looked || fact_is(&baseline->file, VIA_ABSENT)) {
		finding_detail(finding,
			       "How this host was when it was good is not recorded (viaduct "
			       "baseline save).");
		return VIA_SKIP;
	}
	if (fact_is(&baseline->file, VIA_UNKNOWN) && baseline->file.error == ENODATA) {
		finding_detail(finding, "This source does not hold what was recorded.");
		return VIA_SKIP;
	}
	if (!fact_is(&baseline->file, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	if (baseline->trouble) {
		finding_detail(finding, "It cannot be understood: %s.", baseline->trouble);
		finding_manual(finding, "viaduct baseline save records the host as it is now.");
		return VIA_WARN;
	}
	return judge(baseline, finding);
}

static const struct via_rule rules[] = {
	{
		.id = "devices.baseline",
		.layer = VIA_LAYER_DEVICES,
		.title = "Groups and reset methods are as they were recorded",
		.source =
			"viaduct(1), baseline; drivers/pci/quirks.c, pci_dev_specific_acs_enabled",
		.eval = as_recorded,
	},
};

const struct via_rule_table device_baseline_rules = { rules, VIA_COUNT(rules) };
