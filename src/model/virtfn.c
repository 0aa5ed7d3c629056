/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/virtfn.h"

const struct via_virtfn_network *virtfn_network(const struct via_virtfns *virtfns,
						const struct via_pci_device *pf, unsigned int index)
{
	via_for_each (network, &virtfns->networks)
		if (network->pf == pf && network->index == index)
			return network;
	return NULL;
}

const char *virtfn_address(struct via_arena *arena, const struct via_pci_device *pf,
			   unsigned int index)
{
	uint32_t rid = address_rid(pf->address) + (uint32_t)fact_number(&pci_sriov(pf)->offset, 0) +
		       index * (uint32_t)fact_number(&pci_sriov(pf)->stride, 0);
	char text[PCI_ADDRESS_TEXT];

	if (!fact_is(&pci_sriov(pf)->offset, VIA_PRESENT) ||
	    !fact_is(&pci_sriov(pf)->stride, VIA_PRESENT))
		return NULL;
	return arena_strdup(arena, address_format(
					   (struct via_pci_address){
						   .domain = pf->address.domain,
						   .bus = (uint8_t)(rid >> 8),
						   .device = rid >> 3 & 0x1f,
						   .function = rid & 7,
					   },
					   text));
}
