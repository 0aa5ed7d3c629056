/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <string.h>

#include "base/cleanup.h"
#include "model/gpu.h"
#include "probe/claims.h"

static const char base[] = "sys/bus/pci/devices";

enum { CARDS = 16, OTHERS = 32 };

/* A lean look leaves out what rules ask of cards. */
static void probe_card(const struct via_root *root, struct via_host *host,
		       struct via_pci_device *device)
{
	struct via_graphics_card *card = via_list_add(host->arena, &host->graphics.cards);

	if (fact_is(&device->reset, VIA_NOT_ASKED))
		probe_pci_rest(root, host, host->arena, -1, device);
	card->device = device;
	card->d3cold_allowed =
		root_number(root, host->arena, "%s/%s/d3cold_allowed", base, device->name);
	card->runtime_status =
		root_text(root, host->arena, "%s/%s/power/runtime_status", base, device->name);
}

/* The first few: how one resets, its twins do. */
static bool may_be_worth_giving(const struct via_pci_device *device)
{
	return pci_class_is(device, 0x020000, 0xff0000) ||
	       pci_class_is(device, 0x010802, 0xffffff) || pci_class_is(device, 0x120000, 0xff0000);
}

static void probe_reset(const struct via_root *root, struct via_host *host,
			struct via_pci_device *device)
{
	device->reset_method =
		root_text(root, host->arena, "%s/%s/reset_method", base, device->name);
	device->reset = fact_is(&device->reset_method, VIA_PRESENT)
				? fact_present(device->reset_method.path, NULL, 1)
				: root_exists(root, host->arena, "%s/%s/reset", base, device->name);
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
	/* `list` judges nothing, and completes each function by itself. */
	bool completes = host->lean && host->depth == VIA_DEPTH_ATTRIBUTES;
	struct via_claims claims;
	size_t others = 0;

	claims_open(&claims, root, host);
	via_for_each (device, &host->pci.devices) {
		bool own = !fact_is(&device->physfn, VIA_PRESENT);

		if (own && device_is_gpu(device) && host->graphics.cards.count < CARDS &&
		    (completes || !host->lean))
			probe_card(root, host, device);
		else if (completes && own && may_be_worth_giving(device) && others++ < OTHERS)
			probe_reset(root, host, device);
		if (may_go_to_a_guest(device))
			probe_variant(&claims, host, device);
	}
	claims_close(&claims);
}
