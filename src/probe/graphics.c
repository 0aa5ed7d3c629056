/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <string.h>

#include "base/cleanup.h"
#include "model/gpu.h"
#include "probe/claims.h"

static const char base[] = "sys/bus/pci/devices";

enum { CARDS = 64, RESOURCE_PREFETCHABLE = 0x2000 };

static unsigned int largest_bar(const struct via_pci_device *device)
{
	unsigned int largest = 0;
	uint64_t size = 0;

	for (unsigned int i = 0; i < device->resource_count && i < VIA_BARS; i++) {
		const struct via_resource *bar = &device->resources[i];

		if ((bar->flags & RESOURCE_PREFETCHABLE) && bar->end - bar->start > size) {
			size = bar->end - bar->start;
			largest = i;
		}
	}
	return largest;
}

static void probe_card(const struct via_root *root, struct via_host *host,
		       const struct via_pci_device *device)
{
	struct via_graphics_card *card = via_list_add(host->arena, &host->graphics.cards);

	card->device = device;
	card->resizes = root_exists(root, host->arena, "%s/%s/resource%u_resize", base,
				    device->name, largest_bar(device));
	card->d3cold_allowed =
		root_number(root, host->arena, "%s/%s/d3cold_allowed", base, device->name);
	card->runtime_status =
		root_text(root, host->arena, "%s/%s/power/runtime_status", base, device->name);
}

static struct via_vfio_variant *variant_of(struct via_host *host,
					   const struct via_pci_device *device)
{
	via_for_each (variant, &host->graphics.variants)
		if (variant->vendor == device->vendor.number &&
		    variant->device == device->device.number)
			return variant;
	return NULL;
}

static bool may_go_to_a_guest(const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);

	return fact_is(&device->physfn, VIA_PRESENT) || (driver && pci_driver_is_vfio(driver));
}

/* Twins have the same drivers: one question a pair of ids. */
static void probe_variant(struct via_claims *claims, struct via_host *host,
			  const struct via_pci_device *device)
{
	const char *alias = fact_text(&device->modalias);
	struct via_vfio_variant *variant;
	struct via_names names;

	if (!alias || strncmp(alias, "pci:", 4) != 0 || variant_of(host, device))
		return;
	variant = via_list_add(host->arena, &host->graphics.variants);
	variant->vendor = device->vendor.number;
	variant->device = device->device.number;
	variant->known = claims_of(claims, arena_printf(host->arena, "vfio_%s", alias), &names);
	via_for_each (name, &names)
		if (strcmp(*name, "vfio_pci") != 0)
			*via_list_add(host->arena, &variant->drivers) = *name;
}

void probe_graphics(const struct via_root *root, struct via_host *host)
{
	struct via_claims claims;

	claims_open(&claims, root, host);
	via_for_each (device, &host->pci.devices) {
		if (device_is_gpu(device) && !fact_is(&device->physfn, VIA_PRESENT) &&
		    host->graphics.cards.count < CARDS)
			probe_card(root, host, device);
		if (may_go_to_a_guest(device))
			probe_variant(&claims, host, device);
	}
	claims_close(&claims);
}
