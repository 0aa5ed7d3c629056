/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/virtio_place.h"

#include <linux/pci_regs.h>
#include <linux/virtio_pci.h>

enum { BARS = 6, MOST_CAPABILITIES = 48 };

/* The first of a kind that lies in a BAR there is: that is the one to be used. */
static void take(struct via_span space, uint8_t at, struct virtio_place *ret, bool *found)
{
	struct virtio_place place;

	if (*found || !span_u8(space, at + offsetof(struct virtio_pci_cap, bar), &place.bar) ||
	    !span_u32(space, at + offsetof(struct virtio_pci_cap, offset), &place.offset) ||
	    place.bar >= BARS)
		return;
	*ret = place;
	*found = true;
}

bool virtio_places_find(struct via_span space, struct virtio_places *ret)
{
	struct virtio_places places = { 0 };
	bool common = false, notify = false;
	uint8_t at, id, kind;

	if (!span_u8(space, PCI_CAPABILITY_LIST, &at))
		return false;
	for (int i = 0; i < MOST_CAPABILITIES && at; i++) {
		bool before = notify;

		if (!span_u8(space, at, &id) ||
		    !span_u8(space, at + offsetof(struct virtio_pci_cap, cfg_type), &kind))
			break;
		if (id == PCI_CAP_ID_VNDR && kind == VIRTIO_PCI_CAP_COMMON_CFG)
			take(space, at, &places.common, &common);
		if (id == PCI_CAP_ID_VNDR && kind == VIRTIO_PCI_CAP_NOTIFY_CFG)
			take(space, at, &places.notify, &notify);
		if (notify && !before &&
		    !span_u32(space, at + sizeof(struct virtio_pci_cap), &places.notify_multiplier))
			notify = false;
		if (!span_u8(space, at + PCI_CAP_LIST_NEXT, &at))
			break;
	}
	if (common && notify)
		*ret = places;
	return common && notify;
}
