/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include "base/cleanup.h"

static enum via_verdict gpu_passthrough(const struct via_host *host, struct via_finding *finding)
{
	size_t cards = 0;
	const struct via_pci_device *boot = NULL;

	finding_cite(finding, &host->pci.bus);
	if (!fact_is(&host->pci.bus, VIA_PRESENT))
		return fact_is(&host->pci.bus, VIA_ABSENT) ? VIA_SKIP : VIA_CANNOT_TELL;
	via_for_each (device, &host->pci.devices) {
		if (!pci_class_is(device, 0x030000, 0xff0000))
			continue;
		cards++;
		if (fact_number(&device->boot_vga, 0) == 1)
			boot = device;
		finding_cite_value(finding, device->driver.path, "%s",
				   fact_text(&device->driver) ? device->driver.text
							      : "(no driver)");
	}
	if (!cards) {
		finding_detail(finding, "No graphics card on PCI.");
		return VIA_SKIP;
	}
	if (cards == 1 && boot) {
		finding_detail(finding,
			       "The only graphics card, %s, is the one the machine "
			       "booted with: a guest that takes it leaves the host "
			       "without a display.",
			       boot->name);
		finding_manual(finding, "Have another way in (network, serial console) before you "
					"give it away.");
		return VIA_WARN;
	}
	finding_detail(finding, "%zu graphics card%s; %s is the host's own.", cards,
		       cards == 1 ? "" : "s", boot ? boot->name : "none");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.gpu-passthrough",
		.layer = VIA_LAYER_KERNEL,
		.title = "A graphics card can be spared",
		.source = "drivers/pci/vgaarb.c, boot_vga",
		.eval = gpu_passthrough,
	},
};

const struct via_rule_table kernel_graphics_rules = { rules, VIA_COUNT(rules) };
