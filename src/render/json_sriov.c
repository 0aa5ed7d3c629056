/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "render/json.h"
#include "render/sriov.h"

static json_t *json_settings(const struct via_host *host, const struct via_pci_device *pf,
			     unsigned int index)
{
	const struct via_virtfn_network *network = virtfn_network(&host->virtfns, pf, index);
	json_t *object;

	if (!network)
		return json_null();
	object = json_object();
	for (int i = 0; i < VIA_VF_SETTINGS; i++)
		json_object_set_new(object, vf_setting_name((enum via_vf_setting)i),
				    json_optional(network->values[i]));
	return object;
}

static json_t *json_holders(const struct via_pci_device *device)
{
	json_t *list;

	if (fact_is(&device->holders_known, VIA_UNKNOWN) && !device->holders.count)
		return json_null();
	list = json_array();
	via_for_each (holder, &device->holders)
		json_array_append_new(list, json_pack("{s:s, s:o}", "by", holder->by, "what",
						      json_optional(holder->what)));
	return list;
}

static json_t *json_function(const struct via_host *host, const struct via_pci_device *pf,
			     unsigned int index)
{
	const char *name = pci_sriov(pf)->virtfns.items[index];
	struct via_pci_address address;
	const struct via_pci_device *vf =
		address_parse(name, &address) == 0 ? pci_find(&host->pci, address) : NULL;

	return json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:o}", "index", (int)index, "address",
			 name, "driver", vf ? json_text(&vf->driver) : json_null(), "iommu_group",
			 vf ? json_number(&vf->group) : json_null(), "net",
			 vf ? json_names(&vf->net) : json_null(), "settings",
			 json_settings(host, pf, index), "in_use",
			 vf ? json_holders(vf) : json_null());
}

static json_t *json_functions(const struct via_host *host, const struct via_pci_device *pf)
{
	json_t *list;

	if (fact_is(&pci_sriov(pf)->virtfns_known, VIA_UNKNOWN))
		return json_null();
	list = json_array();
	for (unsigned int i = 0; i < pci_sriov(pf)->virtfns.count; i++)
		json_array_append_new(list, json_function(host, pf, i));
	return list;
}

json_t *json_sriov(const struct via_host *host, const struct via_pci_device *only)
{
	json_t *list = json_array(), *unknown = json_array();

	via_for_each (device, &host->pci.devices)
		if ((!only || device == only) && fact_number(&pci_sriov(device)->total, 0))
			json_array_append_new(
				list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "address",
						device->name, "driver", json_text(&device->driver),
						"net", json_names(&device->net), "total",
						json_number(&pci_sriov(device)->total), "autoprobe",
						json_number(&pci_sriov(device)->autoprobe),
						"functions", json_functions(host, device)));
	json_note_unknown(unknown, "settings", &host->virtfns.known);
	json_note_unknown(unknown, "devices", &host->pci.bus);
	return json_pack("{s:s, s:o, s:o}", "schema", "viaduct.sriov/1", "devices",
			 json_if_told(list, &host->pci.bus), "unknown", unknown);
}
