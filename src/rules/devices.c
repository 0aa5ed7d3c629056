/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/devices_part.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/isolation.h"
#include "rules/board.h"

bool devices_none(const struct via_host *host, struct via_finding *finding, enum via_verdict *ret)
{
	if (fact_number(&host->pci.bus, 0))
		return false;
	finding_cite(finding, &host->pci.bus);
	if (!fact_is(&host->pci.bus, VIA_UNKNOWN))
		finding_detail(finding, "No PCI devices here.");
	*ret = fact_is(&host->pci.bus, VIA_UNKNOWN) ? VIA_CANNOT_TELL : VIA_SKIP;
	return true;
}

/*
 * A port without ACS joins all that is behind it. That matters where more than one
 * function is, or can be, there.
 */
static enum via_verdict acs(const struct via_host *host, struct via_finding *finding)
{
	enum via_verdict verdict;
	size_t ports = 0, joined = 0, unread = 0;
	const struct via_fact *untold =
		host_untold_class(host) ?: host_untold_sriov(host) ?: host_untold_place(host);
	const struct via_pci_device *first = NULL;
	const bool *matters = isolation_matters(finding->arena, &host->pci);

	if (devices_none(host, finding, &verdict))
		return verdict;
	via_for_each (port, &host->pci.devices) {
		struct via_isolation_judgement judgement;

		if (!isolation_is_port(port) || !matters[port - host->pci.devices.items])
			continue;
		ports++;
		judgement = isolation_judge(host, port, finding->arena);
		unread += judgement.isolation == VIA_ISOLATION_UNKNOWN;
		if (judgement.isolation != VIA_ISOLATION_NONE)
			continue;
		joined++;
		if (!first)
			first = port;
		finding_cite_value(finding, port->config.fact.path, "%s", judgement.why);
	}
	finding_cite_value(finding, "ports with functions worth isolating", "%zu", ports);
	if (joined) {
		finding_detail(finding,
			       "%zu port%s no ACS (Access Control Services) at work, %s "
			       "first: all that is behind such a port, its virtual "
			       "functions too, forms one group.",
			       joined, joined == 1 ? " has" : "s have", first->name);
		finding_manual(finding,
			       "Give the whole group to one guest, or move the card to a slot "
			       "whose port has ACS. %s pcie_acs_override isolates nothing.",
			       board_setup_text(finding->arena, host, VIA_SWITCH_ACS));
		return VIA_WARN;
	}
	if (unread) {
		finding_manual(finding, "Run as root: ACS is in the part of the configuration "
					"space that only root may read.");
		return VIA_CANNOT_TELL;
	}
	if (untold) {
		finding_cite(finding, untold);
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, ports ? "Every port that matters isolates what is behind it."
				      : "No port has more behind it than one function.");
	return VIA_PASS;
}

static enum via_verdict virtual_functions(const struct via_host *host, struct via_finding *finding)
{
	size_t physical = 0, virtual = 0, spared = 0;
	enum via_verdict verdict;

	if (devices_none(host, finding, &verdict))
		return verdict;
	via_for_each (device, &host->pci.devices) {
		physical += fact_number(&pci_sriov(device)->total, 0) > 0;
		if (!fact_is(&device->physfn, VIA_PRESENT))
			continue;
		virtual ++;
		spared +=
			fact_text(&device->driver) && pci_driver_shares_group(device->driver.text);
		finding_cite_value(finding, device->name, "VF of %s, %s", device->physfn.text,
				   pci_driver_words(&device->driver));
	}
	if (finding_untold_sriov(finding, host, physical + virtual))
		return VIA_CANNOT_TELL;
	if (!physical && !virtual) {
		finding_detail(finding, "No physical function (PF) that could make virtual ones "
					"(VF).");
		return VIA_SKIP;
	}
	finding_detail(finding,
		       "%zu physical function%s (PF), %zu virtual (VF), %zu of them held "
		       "for guests.",
		       physical, physical == 1 ? "" : "s", virtual, spared);
	return VIA_PASS;
}

static bool has_endpoint(const struct via_pci_group *group)
{
	via_for_each (member, &group->devices)
		if (!pci_is_bridge(*member))
			return true;
	return false;
}

static enum via_verdict assignable(const struct via_host *host, struct via_finding *finding)
{
	size_t viable = 0, blocked = 0, held = 0, untold = 0;

	if (!fact_number(&host->kernel.iommu_class, 0)) {
		finding_cite(finding, &host->kernel.iommu_class);
		finding_detail(finding, "No device can go to a guest without an IOMMU that is "
					"driven.");
		return fact_is(&host->kernel.iommu_class, VIA_UNKNOWN) ? VIA_CANNOT_TELL : VIA_SKIP;
	}
	via_for_each (group, &host->pci.groups) {
		size_t blockers = pci_group_blockers(group, NULL, 0);

		if (!blockers && pci_group_untold(group)) {
			finding_cite(finding, pci_group_untold(group));
			untold++;
			continue;
		}
		/* Ports alone are nothing that a guest could take. */
		viable += !blockers && pci_group_isolates(group) && has_endpoint(group);
		blocked += blockers > 0;
		via_for_each (member, &group->devices)
			held += fact_text(&(*member)->driver) &&
				strcmp((*member)->driver.text, "vfio-pci") == 0;
	}
	finding_cite_value(finding, "groups free for VFIO", "%zu", viable);
	finding_cite_value(finding, "groups with a driver of the host", "%zu", blocked);
	if (untold || fact_is(&host->pci.groups_directory, VIA_UNKNOWN)) {
		finding_cite(finding, &host->pci.groups_directory);
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding,
		       "%zu group%s free, %zu in use by the host's drivers, %zu "
		       "function%s on vfio-pci.",
		       viable, viable == 1 ? " is" : "s are", blocked, held, held == 1 ? "" : "s");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "devices.acs",
		.layer = VIA_LAYER_DEVICES,
		.title = "Ports isolate what is behind them (ACS)",
		.source = "drivers/pci/pci.c, pci_acs_path_enabled; PCI Express Base 6.12",
		.eval = acs,
	},
	{
		.id = "devices.virtual-functions",
		.layer = VIA_LAYER_DEVICES,
		.title = "Physical and virtual functions",
		.source = "Documentation/PCI/pci-iov-howto.rst",
		.eval = virtual_functions,
	},
	{
		.id = "devices.groups",
		.layer = VIA_LAYER_DEVICES,
		.title = "Groups that a guest could take",
		.source = "Documentation/driver-api/vfio.rst, groups",
		.eval = assignable,
	},
};

const struct via_rule_table device_rules = { rules, VIA_COUNT(rules) };
