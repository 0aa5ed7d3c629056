/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/isolation.h"

/* Source validation, request and completion redirect, upstream forwarding. */
enum { ACS_REQUIRED = 0x1d, ACS_EGRESS_CONTROL = 0x20 };

bool isolation_is_port(const struct via_pci_device *device)
{
	enum via_pcie_type type;

	if (!pci_is_bridge(device))
		return false;
	if (!capability_pcie_type(&device->capabilities, device->config.span, &type))
		return true;
	return type == VIA_PCIE_ROOT_PORT || type == VIA_PCIE_DOWNSTREAM;
}

enum via_isolation isolation_of_port(const struct via_pci_device *port, bool iommu_active)
{
	struct via_acs acs;
	unsigned int needed;

	if (!fact_is(&port->config.fact, VIA_PRESENT) || !port->capabilities.standard_read)
		return VIA_ISOLATION_UNKNOWN;
	if (!capability_find(&port->capabilities, "pcie"))
		return VIA_ISOLATION_NONE; /* conventional bridges have no ACS */
	if (!port->capabilities.extended_read)
		return VIA_ISOLATION_UNKNOWN;
	if (!capability_acs(&port->capabilities, port->config.span, &acs))
		return VIA_ISOLATION_NONE;
	needed = ACS_REQUIRED & (acs.capability | ACS_EGRESS_CONTROL);
	if (!iommu_active)
		acs.control |= acs.capability & ACS_REQUIRED;
	return (acs.control & needed) == needed ? VIA_ISOLATION_FULL : VIA_ISOLATION_NONE;
}

const char *isolation_reason(const struct via_pci_device *port, struct via_arena *arena)
{
	struct via_acs acs;

	if (!capability_find(&port->capabilities, "pcie"))
		return "a conventional PCI bridge has no ACS";
	if (!capability_acs(&port->capabilities, port->config.span, &acs))
		return "no ACS capability";
	return arena_printf(arena, "ACS control 0x%04x of capability 0x%04x", acs.control,
			    acs.capability);
}

static bool is_behind(const struct via_pci_device *device, const struct via_pci_device *port)
{
	for (const struct via_pci_device *up = device->parent; up; up = up->parent)
		if (up == port)
			return true;
	return false;
}

bool isolation_matters(const struct via_pci *pci, const struct via_pci_device *port)
{
	const struct via_pci_device *first = NULL;

	via_for_each (device, &pci->devices) {
		if (pci_is_bridge(device) || !is_behind(device, port))
			continue;
		if (fact_number(&device->sriov_total, 0) > 0)
			return true;
		/* Functions of one slot go together anyway: a card and its sound. */
		if (first && (first->address.bus != device->address.bus ||
			      first->address.device != device->address.device))
			return true;
		first = device;
	}
	return false;
}
