/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "model/sriov.h"
#include "render/show.h"

static void show_functions(const struct via_paper *paper, const struct via_host *host,
			   const struct via_pci_device *device, struct via_arena *arena)
{
	struct via_sriov_room room = sriov_room(&host->pci, device);
	const char *text =
		arena_printf(arena, "%zu of %llu enabled", pci_sriov(device)->virtfns.count,
			     (unsigned long long)pci_sriov(device)->total.number);

	if (fact_is(&pci_sriov(device)->vf_device, VIA_PRESENT))
		text = arena_printf(arena, "%s, device id %04llx", text,
				    (unsigned long long)pci_sriov(device)->vf_device.number);
	if (fact_is(&pci_sriov(device)->autoprobe, VIA_PRESENT))
		text = arena_printf(arena, "%s, %s", text,
				    pci_sriov(device)->autoprobe.number
					    ? "the host's driver takes new ones (autoprobe 1)"
					    : "new ones stay without driver (autoprobe 0)");
	show_line(paper, VIA_STYLE_PLAIN, "VFs", text);
	if (room.buses_needed)
		show_line(paper,
			  room.buses_there >= room.buses_needed ? VIA_STYLE_PLAIN : VIA_STYLE_CARE,
			  "",
			  arena_printf(arena, "all of them reach up to bus %02x; %s", room.last_bus,
				       room.buses_there >= room.buses_needed
					       ? "the port above leads that far"
					       : "the port above does not lead that far: fewer "
						 "can be made, or pci=assign-busses, ARI"));
	show_line(paper,
		  sriov_driver_can(host, device) == VIA_ABSENT ? VIA_STYLE_CARE : VIA_STYLE_PLAIN,
		  "", sriov_driver_words(host, device));
}

static void show_mediated(const struct via_paper *paper, const struct via_mediated *mediated,
			  const struct via_pci_device *device, struct via_arena *arena)
{
	via_for_each (parent, &mediated->parents) {
		if (parent->device != device)
			continue;
		via_for_each (type, &parent->types)
			show_line(paper, VIA_STYLE_PLAIN, "mdev type",
				  arena_printf(arena, "%s%s%s, %s%s", type->id,
					       fact_text(&type->name) ? ": " : "",
					       fact_text(&type->name) ? type->name.text : "",
					       fact_is(&type->available, VIA_PRESENT)
						       ? arena_printf(arena, "%s can be made",
								      type->available.text)
						       : "how many is not told",
					       fact_text(&type->api) ? arena_printf(arena, " (%s)",
										    type->api.text)
								     : ""));
	}
	via_for_each (mdev, &mediated->devices)
		if (mdev->parent && strcmp(mdev->parent, device->name) == 0)
			show_line(paper, VIA_STYLE_PLAIN, "mdev",
				  arena_printf(arena, "%s of type %s", mdev->uuid,
					       fact_text(&mdev->type) ? mdev->type.text : "?"));
	via_for_each (definition, &mediated->definitions)
		if (strcmp(definition->parent, device->name) == 0 && !definition->exists)
			show_line(paper, VIA_STYLE_CARE, "mdev",
				  arena_printf(arena, "%s is defined for mdevctl and not there",
					       definition->uuid));
	via_for_each (vgpu, &mediated->vgpus)
		if (vgpu->device == device)
			show_line(paper, VIA_STYLE_PLAIN, "vGPU",
				  fact_number(&vgpu->current, 0)
					  ? arena_printf(arena, "type %s", vgpu->current.text)
					  : "none yet: write a type's number to "
					    "nvidia/current_vgpu_type");
}

static const char *agreed(const struct via_virtio_device *virtio, struct via_arena *arena)
{
	const char *text = "";

	for (unsigned int bit = 0; bit < 64; bit++)
		if ((fact_number(&virtio->features, 0) >> bit & 1) && virtio_feature_name(bit))
			text = arena_printf(arena, "%s %s", text, virtio_feature_name(bit));
	return text;
}

static void show_virtio(const struct via_paper *paper, const struct via_virtio *virtio,
			const struct via_pci_device *device, struct via_arena *arena)
{
	via_for_each (at, &virtio->devices) {
		const char *kind = virtio_id_name(fact_number(&at->id, 0));

		if (at->device != device)
			continue;
		show_line(paper, VIA_STYLE_PLAIN, "virtio",
			  arena_printf(arena, "%s: %s, %s;%s", at->name, kind ? kind : "?",
				       pci_driver_words(&at->driver), agreed(at, arena)));
	}
}

static void show_vdpa(const struct via_paper *paper, const struct via_vdpa *vdpa,
		      const struct via_pci_device *device, struct via_arena *arena)
{
	via_for_each (management, &vdpa->management)
		if (strcmp(management->name, device->name) == 0)
			show_line(paper, VIA_STYLE_PLAIN, "vDPA",
				  arena_printf(arena, "can make devices of up to %u queues",
					       management->max_queues));
	via_for_each (at, &vdpa->devices)
		if (at->management && strcmp(at->management, device->name) == 0)
			show_line(paper, VIA_STYLE_PLAIN, "vDPA",
				  arena_printf(arena, "%s, %s", at->name,
					       pci_driver_words(&at->driver)));
}

void show_virtual(const struct via_paper *paper, const struct via_host *host,
		  const struct via_device_detail *detail, struct via_arena *arena)
{
	const struct via_pci_device *device = detail->device;

	if (fact_is(&device->physfn, VIA_PRESENT))
		show_fact(paper, "VF of", &device->physfn, "");
	if (fact_number(&pci_sriov(device)->total, 0))
		show_functions(paper, host, device, arena);
	show_mediated(paper, &host->mediated, device, arena);
	show_virtio(paper, &host->virtio, device, arena);
	show_vdpa(paper, &host->vdpa, device, arena);
}
