/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "rules/devices_part.h"

static size_t cite_drift(const struct via_declared *declared, struct via_finding *finding)
{
	size_t impossible = 0;

	via_for_each (drift, &declared->drift) {
		impossible += drift->why_not != NULL;
		if (drift->why_not)
			finding_cite_value(finding, drift->what, "%s", drift->why_not);
		else
			finding_cite_value(finding, drift->what, "%s, declared: %s",
					   *drift->is ? drift->is : "(none)",
					   *drift->wanted ? drift->wanted : "(none)");
	}
	return impossible;
}

static enum via_verdict judge_drift(const struct via_declared *declared,
				    struct via_finding *finding)
{
	size_t impossible = cite_drift(declared, finding);

	if (!declared->drift.count)
		return VIA_PASS;
	finding_manual(finding,
		       "viaduct plan --file /%s shows each difference, and apply makes the "
		       "host so; or correct the file.",
		       declared->file.path);
	if (declared->untold) {
		finding_detail(finding, "Not all that is declared could be compared.");
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, "%zu difference%s, %zu of them cannot be made.",
		       declared->drift.count, declared->drift.count == 1 ? "" : "s", impossible);
	return impossible ? VIA_FAIL : VIA_WARN;
}

static enum via_verdict as_declared(const struct via_host *host, struct via_finding *finding)
{
	const struct via_declared *declared = &host->declared;

	finding_cite(finding, &declared->file);
	if (!declared->looked || fact_is(&declared->file, VIA_ABSENT)) {
		finding_detail(finding, "This host declares nothing.");
		return VIA_SKIP;
	}
	if (fact_is(&declared->file, VIA_UNKNOWN) && declared->file.error == ENODATA) {
		finding_detail(finding, "This source does not hold what the host declares.");
		return VIA_SKIP;
	}
	if (!fact_is(&declared->file, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	if (declared->trouble) {
		finding_detail(finding, "It cannot be understood: %s.", declared->trouble);
		finding_manual(finding,
			       "Correct the file; at the next boot nothing of it is made.");
		return VIA_FAIL;
	}
	return judge_drift(declared, finding);
}

static const struct via_rule rules[] = {
	{
		.id = "devices.declared",
		.layer = VIA_LAYER_DEVICES,
		.title = "The devices are as the host declares them",
		.source = "viaduct(1), DECLARED STATE",
		.eval = as_declared,
	},
};

const struct via_rule_table device_declared_rules = { rules, VIA_COUNT(rules) };
