/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/parse.h"
#include "probe/holding.h"

/*
 * vfio-pci enables a function when somebody opens it and disables it when the last lets go,
 * so the count in `enable` tells without a look at any process. One that sleeps is closed.
 * Source: drivers/vfio/pci/vfio_pci_core.c, vfio_pci_core_enable()
 */
static bool is_asleep(const struct via_holding *holding, const struct via_pci_device *device)
{
	struct via_fact power = root_text(holding->root, holding->arena,
					  "sys/bus/pci/devices/%s/power_state", device->name);

	return fact_text(&power) && text_starts(power.text, "D3");
}

void holders_vfio(struct via_holding *holding)
{
	via_for_each (device, &holding->host->pci.devices) {
		const char *driver = fact_text(&device->driver);
		struct via_fact enabled;

		holding_untold(device, device->driver);
		if (!driver || !pci_driver_is_vfio(driver))
			continue;
		enabled = root_number(holding->root, holding->arena,
				      "sys/bus/pci/devices/%s/enable", device->name);
		holding_untold(device, enabled);
		if (fact_number(&enabled, 0) && !is_asleep(holding, device))
			holding_add(holding, device,
				    (struct via_holder){
					    .by = "vfio",
					    .what = "a guest or program has it open through VFIO",
					    .loses = "that guest, or what the program does" });
	}
}

/* sys/bus/mdev/devices/UUID: the function's driver serves them. */
void holders_mediated(struct via_holding *holding)
{
	struct via_names entries;

	holding_untold_all(holding, root_entries(holding->root, holding->arena, &entries,
						 "sys/bus/mdev/devices"));
	via_for_each (entry, &entries) {
		struct via_fact link;
		struct via_pci_device *device =
			holding_behind(holding, "sys/bus/mdev/devices", *entry, &link);

		holding_untold_all(holding, link);
		if (device)
			holding_add(
				holding, device,
				(struct via_holder){
					.by = "mdev",
					.what = arena_printf(holding->arena,
							     "the mediated device %s is cut "
							     "from it",
							     *entry),
					.loses = "that mediated device, and the guest with it" });
	}
}
