/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/firmware_part.h"

#include <string.h>

#include "base/cleanup.h"

/* Intel's name for what its network cards bring to virtualization: VMDq, SR-IOV, I/OAT. */
struct vt_c {
	size_t cards, sriov, vmdq, movers;
};

/* drivers/net/ethernet/intel: whose cards sort packets by their receiver into pools of queues */
static const char *const vmdq_drivers[] = { "igb", "ixgbe", "i40e", "fm10k", "ice" };

/* Of igb's cards, those without pools: I210 and I211 (e1000_i210 in igb_probe_vfs()). */
static bool lacks_pools(const struct via_pci_device *device)
{
	uint64_t id = fact_number(&device->device, 0);

	return (id >= 0x1533 && id <= 0x1539) || id == 0x157b || id == 0x157c;
}

static bool is_driven_by(const struct via_pci_device *device, const char *module)
{
	const char *driver = fact_text(&device->driver);

	return names_have(&device->modules, module) || (driver && strcmp(driver, module) == 0);
}

static bool has_vmdq(const struct via_pci_device *device)
{
	if (fact_number(&device->vendor, 0) != 0x8086 || lacks_pools(device))
		return false;
	for (size_t i = 0; i < VIA_COUNT(vmdq_drivers); i++)
		if (is_driven_by(device, vmdq_drivers[i]))
			return true;
	return false;
}

static void count_card(struct via_finding *finding, const struct via_pci_device *device,
		       struct vt_c *ret)
{
	ret->cards++;
	if (fact_number(&pci_sriov(device)->total, 0)) {
		ret->sriov++;
		finding_cite(finding, &pci_sriov(device)->total);
	}
	if (has_vmdq(device)) {
		ret->vmdq++;
		finding_cite_value(finding, device->name, "VMDq, by its driver");
	}
}

/* The engine that moves data in the processor's place sits in the chipset or the processor. */
static void count_mover(struct via_finding *finding, const struct via_pci_device *device,
			struct vt_c *ret)
{
	if (!is_driven_by(device, "ioatdma"))
		return;
	if (!ret->movers++)
		finding_cite_value(finding, device->name, "I/OAT, driver ioatdma");
}

static void tell(struct via_finding *finding, const struct vt_c *vt_c)
{
	finding_detail(
		finding,
		"VT-c is Intel's name for SR-IOV, VMDq and I/OAT. Of %zu network card%s here "
		"%zu %s SR-IOV and %zu %s VMDq; %zu I/OAT channel%s here.",
		vt_c->cards, vt_c->cards == 1 ? "" : "s", vt_c->sriov,
		vt_c->sriov == 1 ? "has" : "have", vt_c->vmdq, vt_c->vmdq == 1 ? "has" : "have",
		vt_c->movers, vt_c->movers == 1 ? " is" : "s are");
}

enum via_verdict firmware_vt_c(const struct via_host *host, struct via_finding *finding)
{
	struct vt_c vt_c = { 0 };
	enum via_verdict verdict;

	if (firmware_no_pci(host, finding, &verdict))
		return verdict;
	via_for_each (device, &host->pci.devices) {
		count_mover(finding, device, &vt_c);
		if (pci_class_is(device, 0x020000, 0xff0000) &&
		    !fact_is(&device->physfn, VIA_PRESENT))
			count_card(finding, device, &vt_c);
	}
	if (!vt_c.sriov && host_untold_class(host)) {
		finding_cite(finding, host_untold_class(host));
		return VIA_CANNOT_TELL;
	}
	if (!vt_c.cards && !vt_c.movers) {
		finding_detail(finding, "No network card on PCI, and no I/OAT.");
		return VIA_SKIP;
	}
	if (finding_untold_sriov(finding, host, vt_c.sriov))
		return VIA_CANNOT_TELL;
	tell(finding, &vt_c);
	return vt_c.sriov || vt_c.vmdq || vt_c.movers ? VIA_PASS : VIA_SKIP;
}
