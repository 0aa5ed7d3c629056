/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include <string.h>

#include "base/cleanup.h"

static enum via_verdict vfio(const struct via_host *host, struct via_finding *finding)
{
	const struct via_module *module = &host->kernel.modules[VIA_MODULE_VFIO_PCI];
	const char *option = fact_text(&host->kernel.options[VIA_OPTION_VFIO_PCI]);

	finding_cite(finding, &module->loaded);
	finding_cite(finding, &module->builtin);
	finding_cite(finding, &module->available);
	finding_cite(finding, &host->kernel.options[VIA_OPTION_VFIO_PCI]);
	finding_cite(finding, &host->kernel.dev_iommufd);
	if (fact_is(&module->loaded, VIA_PRESENT)) {
		finding_detail(finding, "vfio-pci is here (%s).",
			       fact_is(&module->builtin, VIA_PRESENT) ? "built in"
								      : "loaded module");
		return VIA_PASS;
	}
	if (fact_is(&module->builtin, VIA_PRESENT) || fact_is(&module->available, VIA_PRESENT)) {
		finding_detail(finding, "vfio-pci is %s.",
			       fact_is(&module->builtin, VIA_PRESENT)
				       ? "built in"
				       : "a module, loaded when a device is bound to it");
		return VIA_PASS;
	}
	if ((option && strcmp(option, "n") == 0) ||
	    (fact_is(&module->builtin, VIA_ABSENT) && fact_is(&module->available, VIA_ABSENT))) {
		finding_detail(finding, "This kernel has no vfio-pci, neither built in nor as a "
					"module.");
		finding_manual(finding, "Install a kernel with CONFIG_VFIO_PCI (cloud kernels "
					"leave it out).");
		return VIA_FAIL;
	}
	return VIA_CANNOT_TELL;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.vfio",
		.layer = VIA_LAYER_KERNEL,
		.title = "VFIO is in this kernel",
		.source = "Documentation/driver-api/vfio.rst",
		.eval = vfio,
	},
};

const struct via_rule_table kernel_vfio_rules = { rules, VIA_COUNT(rules) };
