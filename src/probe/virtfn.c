/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <string.h>

#include "base/cleanup.h"
#include "decode/vf_answer.h"

static const struct via_pci_device *owner(const struct via_host *host, const char *interface)
{
	via_for_each (device, &host->pci.devices)
		if (pci_sriov(device)->virtfns.count && names_have(&device->net, interface))
			return device;
	return NULL;
}

static struct via_virtfn_network *find_or_add(struct via_host *host,
					      const struct via_pci_device *pf, unsigned int index)
{
	struct via_virtfn_network *network;

	via_for_each (known, &host->virtfns.networks)
		if (known->pf == pf && known->index == index)
			return known;
	network = via_list_add(host->arena, &host->virtfns.networks);
	*network = (struct via_virtfn_network){ .pf = pf, .index = index };
	return network;
}

static bool worth_asking(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices)
		if (pci_sriov(device)->virtfns.count && device->net.count)
			return true;
	return false;
}

void probe_virtfn_settings(const struct via_root *root, const struct via_queries *queries,
			   struct via_host *host)
{
	struct via_vf_line line;
	const char *at;

	if (!queries->ops || !worth_asking(host))
		return;
	host->virtfns.known = query_text(queries, VIA_ASK_VFS, host->arena);
	at = fact_text(&host->virtfns.known);
	while (at && vf_answer_next(host->arena, &at, &line)) {
		const struct via_pci_device *pf = owner(host, line.interface);

		if (pf)
			find_or_add(host, pf, line.index)->values[line.setting] = line.value;
	}
}
