/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "probe/holding.h"

/* What the reason ends in where only a look at every process tells. */
static const char unsettled[] = "/enable (asleep, which a guest that has it may have done)";

/*
 * vfio-pci enables a function when somebody opens it and disables it when the last lets go, so a
 * count of 0 in `enable` proves that it is closed. Any other proves that it is open only while it
 * is awake: a driver before may have left it enabled, and what is closed is put to sleep. A guest
 * can put it to sleep as well, and the state shown is then the same.
 * Source: drivers/vfio/pci/vfio_pci_core.c, vfio_pci_core_enable(); vfio_pci_config.c,
 * vfio_lock_and_set_power_state()
 */
static struct via_fact enabled(const struct via_holding *holding,
			       const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);

	if (!driver || !pci_driver_is_vfio(driver))
		return (struct via_fact){ 0 };
	return root_number(holding->root, holding->arena, "sys/bus/pci/devices/%s/enable",
			   device->name);
}

static bool is_asleep(const struct via_holding *holding, const struct via_pci_device *device)
{
	struct via_fact power = root_text(holding->root, holding->arena,
					  "sys/bus/pci/devices/%s/power_state", device->name);

	return fact_text(&power) && text_starts(power.text, "D3");
}

void holders_vfio(struct via_holding *holding)
{
	via_for_each (device, &holding->host->pci.devices) {
		struct via_fact count = enabled(holding, device);

		holding_untold(device, device->driver);
		holding_untold(device, count);
		if (fact_number(&count, 0) && !is_asleep(holding, device))
			holding_add(holding, device,
				    (struct via_holder){
					    .by = "vfio",
					    .what = "a guest or program has it open through VFIO",
					    .loses = "that guest, or what the program does" });
	}
}

void holders_sleepers(struct via_holding *holding, bool looked)
{
	via_for_each (device, &holding->host->pci.devices) {
		struct via_fact count;

		/* Only what has a node can be found by it. */
		if (looked && fact_text(&device->group))
			continue;
		count = enabled(holding, device);
		if (fact_number(&count, 0) && is_asleep(holding, device))
			holding_untold(device, fact_unknown(arena_printf(holding->arena,
									 "sys/bus/pci/devices/%s%s",
									 device->name, unsettled),
							    ENODATA));
	}
}

void holders_sleepers_forget(struct via_holding *holding)
{
	via_for_each (device, &holding->host->pci.devices) {
		struct via_fact *known = &device->holders_known;

		if (fact_is(known, VIA_UNKNOWN) && known->path && text_ends(known->path, unsettled))
			*known = (struct via_fact){ 0 };
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
