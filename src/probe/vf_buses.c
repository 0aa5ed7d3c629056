/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/pci_part.h"

static struct via_fact attribute(const struct via_root *root, struct via_host *host,
				 const struct via_pci_device *device, const char *name)
{
	return root_number(root, host->arena, "sys/bus/pci/devices/%s/%s", device->name, name);
}

/* Whether the last virtual function lies on another bus than the physical one. */
static bool leaves_the_bus(const struct via_pci_device *device)
{
	uint64_t offset = fact_number(&pci_sriov(device)->offset, 0);
	uint64_t stride = fact_number(&pci_sriov(device)->stride, 0);
	uint64_t total = fact_number(&pci_sriov(device)->total, 0);

	if (!offset || !total || offset > UINT16_MAX || stride > UINT16_MAX || total > UINT16_MAX)
		return false;
	return (address_rid(device->address) + offset + (total - 1) * stride) >> 8 >
	       device->address.bus;
}

static void ask_places(const struct via_root *root, struct via_host *host,
		       struct via_pci_device *device)
{
	struct via_pci_sriov *own = pci_own_sriov(host->arena, device);

	own->offset = attribute(root, host, device, "sriov_offset");
	own->stride = attribute(root, host, device, "sriov_stride");
}

void probe_vf_buses(const struct via_root *root, struct via_host *host)
{
	via_for_each (device, &host->pci.devices) {
		if (!fact_number(&pci_sriov(device)->total, 0) || !device->parent)
			continue;
		if (fact_is(&pci_sriov(device)->offset, VIA_NOT_ASKED))
			ask_places(root, host, device);
		if (!leaves_the_bus(device))
			continue;
		*via_list_add(host->arena, &host->firmware.vf_buses) = (struct via_vf_buses){
			.address = device->address,
			.last = attribute(root, host, device->parent, "subordinate_bus_number"),
			.ari = attribute(root, host, device, "ari_enabled"),
		};
	}
}
