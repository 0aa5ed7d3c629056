/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/pci_part.h"

#include <stdio.h>

struct via_pci_sriov *pci_own_sriov(struct via_arena *arena, struct via_pci_device *device)
{
	struct via_pci_sriov *own = arena_memdup(arena, pci_sriov(device), sizeof(*own));

	device->sriov = own;
	return own;
}

/* virtfn0, virtfn1 … link to the VFs; counting them takes no device lock, unlike
 * sriov_numvfs. */
static void probe_virtfns(const struct via_place *place, struct via_arena *arena,
			  struct via_pci_sriov *sriov)
{
	char name[32];

	for (unsigned int i = 0; i < fact_number(&sriov->total, 0); i++) {
		struct via_fact link;

		snprintf(name, sizeof(name), "virtfn%u", i);
		link = place_link(place, arena, name);
		if (fact_is(&link, VIA_UNKNOWN))
			sriov->virtfns_known = link;
		if (!fact_is(&link, VIA_PRESENT))
			break;
		*via_list_add(arena, &sriov->virtfns) = link.text;
	}
}

static void probe_physical(const struct via_place *place, struct via_arena *arena,
			   struct via_pci_device *device)
{
	static const struct via_pci_sriov none = {
		.total = { .known = VIA_ABSENT, .path = "sriov_totalvfs" },
		.virtfns_known = { .known = VIA_ABSENT, .path = "sriov_totalvfs" },
	};
	struct via_fact total = place_number(place, arena, "sriov_totalvfs");
	struct via_pci_sriov *own;

	device->sriov = &none;
	if (fact_is(&total, VIA_ABSENT))
		return;
	own = pci_own_sriov(arena, device);
	own->total = own->virtfns_known = total;
	if (!fact_is(&total, VIA_PRESENT))
		return;
	own->total = place_spell(place, arena, total);
	probe_virtfns(place, arena, own);
	pci_probe_resources(place, arena, device); /* whether VF BARs have addresses */
}

/* Only endpoints have virtual functions, and a virtual one has none of its own. */
void pci_probe_sriov(const struct via_place *place, struct via_arena *arena,
		     struct via_pci_device *device)
{
	static const struct via_pci_sriov none = {
		.total = { .known = VIA_ABSENT, .path = "physfn" },
		.virtfns_known = { .known = VIA_ABSENT, .path = "physfn" },
	};

	device->physfn = fact_absent("physfn");
	device->sriov = &none;
	if (pci_is_bridge(device))
		return;
	device->physfn = place_link(place, arena, "physfn");
	if (!fact_is(&device->physfn, VIA_PRESENT))
		probe_physical(place, arena, device);
}

void pci_probe_vf_places(const struct via_place *place, struct via_arena *arena,
			 struct via_pci_device *device)
{
	struct via_pci_sriov *own;

	if (!fact_is(&pci_sriov(device)->total, VIA_PRESENT))
		return;
	own = pci_own_sriov(arena, device);
	own->offset = place_number(place, arena, "sriov_offset");
	own->stride = place_number(place, arena, "sriov_stride");
	own->vf_device = place_hex(place, arena, "sriov_vf_device");
	own->autoprobe = place_number(place, arena, "sriov_drivers_autoprobe");
}
