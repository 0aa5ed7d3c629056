/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/isolation.h"

#include "model/acs_quirks.h"

const char isolation_unread[] = "its configuration space was not read that far";

bool isolation_is_port(const struct via_pci_device *device)
{
	enum via_pcie_type type;

	if (!pci_is_bridge(device))
		return false;
	if (!capability_pcie_type(&device->capabilities, device->config.span, &type))
		return true;
	return type == VIA_PCIE_ROOT_PORT || type == VIA_PCIE_DOWNSTREAM ||
	       type == VIA_PCIE_TO_PCI || type == VIA_PCI_TO_PCIE;
}

enum via_known isolation_express(const struct via_pci_device *device, enum via_pcie_type *ret)
{
	/* A VF is an endpoint, also where its space cannot be read. */
	enum via_pcie_type type = VIA_PCIE_ENDPOINT;

	if (!capability_pcie_type(&device->capabilities, device->config.span, &type) &&
	    !fact_is(&device->physfn, VIA_PRESENT))
		return fact_is(&device->config.fact, VIA_PRESENT) &&
				       device->capabilities.standard_read
			       ? VIA_ABSENT
			       : VIA_UNKNOWN;
	*ret = type;
	return VIA_PRESENT;
}

/* With ARI, one slot has up to 256 functions. */
static bool is_behind_link(const struct via_pci_device *device)
{
	enum via_pcie_type type;

	return device->parent && isolation_express(device->parent, &type) == VIA_PRESENT &&
	       (type == VIA_PCIE_ROOT_PORT || type == VIA_PCIE_DOWNSTREAM);
}

enum via_known isolation_multifunction(const struct via_pci_device *device)
{
	struct via_pci_header header;

	if (fact_is(&device->physfn, VIA_PRESENT))
		return VIA_ABSENT;
	if (device->address.function || (device->address.device && is_behind_link(device)))
		return VIA_PRESENT;
	/* A function that does not answer reads all ones. */
	if (!pci_header_decode(device->config.span, &header) || header.type == 0x7f)
		return VIA_UNKNOWN;
	return header.multifunction ? VIA_PRESENT : VIA_ABSENT;
}

static struct via_isolation_judgement judged(enum via_isolation isolation, const char *why)
{
	return (struct via_isolation_judgement){ .isolation = isolation, .why = why };
}

/* A bit that the capability lacks is taken for hard-wired, except egress control. */
static struct via_isolation_judgement judge_registers(const struct via_pci_device *device,
						      bool iommu_active, struct via_arena *arena)
{
	struct via_acs acs;
	unsigned int needed, control;

	if (!capability_acs(&device->capabilities, device->config.span, &acs))
		return device->capabilities.extended_read
			       ? judged(VIA_ISOLATION_NONE, "no ACS capability")
			       : judged(VIA_ISOLATION_UNKNOWN, isolation_unread);
	needed = VIA_ACS_REQUIRED & (acs.capability | VIA_ACS_EGRESS_CONTROL);
	control = acs.control;
	if (!iommu_active)
		control |= acs.capability & VIA_ACS_REQUIRED;
	return judged((control & needed) == needed ? VIA_ISOLATION_FULL : VIA_ISOLATION_NONE,
		      arena_printf(arena, "ACS control 0x%04x of capability 0x%04x", acs.control,
				   acs.capability));
}

static struct via_isolation_judgement judge_endpoint(const struct via_acs_subject *subject,
						     struct via_arena *arena)
{
	struct via_isolation_judgement judgement;

	if (subject->multifunction == VIA_ABSENT)
		return judged(VIA_ISOLATION_FULL, "a single function");
	judgement = judge_registers(subject->device, subject->iommu_active, arena);
	if (subject->multifunction == VIA_UNKNOWN && judgement.isolation == VIA_ISOLATION_NONE)
		return judged(VIA_ISOLATION_UNKNOWN, isolation_unread);
	return judgement;
}

static struct via_isolation_judgement judge_by_kind(const struct via_acs_subject *subject,
						    struct via_arena *arena)
{
	if (subject->express == VIA_UNKNOWN)
		return judged(VIA_ISOLATION_UNKNOWN, isolation_unread);
	if (subject->express == VIA_ABSENT)
		return judged(VIA_ISOLATION_NONE, pci_is_bridge(subject->device)
							  ? "a conventional PCI bridge has no ACS"
							  : "conventional PCI has no ACS");
	switch (subject->type) {
	case VIA_PCIE_TO_PCI:
	case VIA_PCI_TO_PCIE:
		return judged(VIA_ISOLATION_NONE, "a bridge to conventional PCI has no ACS");
	case VIA_PCIE_RC_EVENT_COLLECTOR:
		return judged(VIA_ISOLATION_NONE, "an event collector has no ACS");
	case VIA_PCIE_ROOT_PORT:
	case VIA_PCIE_DOWNSTREAM:
		return judge_registers(subject->device, subject->iommu_active, arena);
	default:
		return judge_endpoint(subject, arena);
	}
}

struct via_isolation_judgement isolation_judge(const struct via_host *host,
					       const struct via_pci_device *device,
					       struct via_arena *arena)
{
	struct via_isolation_judgement judgement;
	struct via_acs_subject subject = {
		.device = device,
		.multifunction = isolation_multifunction(device),
		.ivrs = host->firmware.ivrs.present.known,
		.iommu_active = fact_number(&host->kernel.iommu_class, 0) > 0,
	};

	subject.express = isolation_express(device, &subject.type);
	if (!fact_is(&device->vendor, VIA_PRESENT) || !fact_is(&device->device, VIA_PRESENT))
		return judged(VIA_ISOLATION_UNKNOWN, isolation_unread);
	return acs_quirk(&subject, &judgement) ? judgement : judge_by_kind(&subject, arena);
}

/* What is behind one port, as far as it has been met. */
struct behind {
	const struct via_pci_device *first;
	bool matters;
};

static void count_behind(struct behind *behind, const struct via_pci_device *device)
{
	const struct via_pci_device *first = behind->first;

	/* Functions of one slot go together anyway: a card and its sound. */
	behind->matters |= fact_number(&pci_sriov(device)->total, 0) > 0 ||
			   (first && (first->address.bus != device->address.bus ||
				      first->address.device != device->address.device));
	behind->first = device;
}

const bool *isolation_matters(struct via_arena *arena, const struct via_pci *pci)
{
	struct behind *behind = arena_alloc(arena, (pci->devices.count + 1) * sizeof(*behind));
	bool *matters = arena_alloc(arena, pci->devices.count + 1);

	via_for_each (device, &pci->devices)
		for (const struct via_pci_device *up = pci_is_bridge(device) ? NULL
									     : device->parent;
		     up; up = up->parent)
			count_behind(&behind[up - pci->devices.items], device);
	for (size_t i = 0; i < pci->devices.count; i++)
		matters[i] = behind[i].matters;
	return matters;
}
