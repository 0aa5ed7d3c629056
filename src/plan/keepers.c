/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/keepers.h"

#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "decode/line.h"
#include "plan/boot.h"
#include "plan/file.h"

/* The last word of what it keeps: "driver nvme", "driver_override vfio-pci" */
static const char *kept_driver(const struct via_keeping *keeping)
{
	return text_starts(keeping->what, "driver ")		? keeping->what + strlen("driver ")
	       : text_starts(keeping->what, "driver_override ") ? strchr(keeping->what, ' ') + 1
								: NULL;
}

static const char *perhaps(enum via_belongs belongs)
{
	return belongs == VIA_BELONGS ? "" : "perhaps ";
}

static bool write_through(struct via_plan *plan, const struct via_keeping *keeping,
			  const char *driver)
{
	struct via_file *after;
	struct via_action *action;

	if (keeping->keeper != VIA_KEEPER_DRIVERCTL || !keeping->file)
		return false;
	after = arena_memdup(plan->arena, keeping->file, sizeof(*after));
	after->content = span_of_text(arena_printf(plan->arena, "%s\n", driver));
	action = plan_file(plan, arena_printf(plan->arena, "/%s", keeping->path), keeping->file,
			   after, "driverctl binds it at each boot, and is told the same");
	if (action)
		action->effect = action->undo = VIA_EFFECT_NOW;
	return true;
}

bool plan_keep_driver(struct via_plan *plan, const struct via_host *host,
		      const struct via_pci_device *device, const char *driver)
{
	size_t before = plan->refused.count;

	via_for_each (keeping, &host->keepers.list) {
		enum via_belongs belongs = keeping_belongs(keeping, device);
		const char *kept = kept_driver(keeping);

		if (!kept || keeping->guest || belongs == VIA_BELONGS_NOT ||
		    strcmp(kept, driver) == 0)
			continue;
		if (!plan->lasting || belongs == VIA_BELONGS_PERHAPS)
			plan_risk(plan, "%s%s gives %s to %s again at each boot (%s)",
				  perhaps(belongs), keeper_name(keeping->keeper), device->name,
				  kept, keeping->path);
		else if (!write_through(plan, keeping, driver))
			plan_refuse(plan, device->name,
				    arena_printf(plan->arena, "take it out of /%s, or say %s there",
						 keeping->path, driver),
				    "%s gives it to %s at each boot", keeper_name(keeping->keeper),
				    kept);
	}
	return plan->refused.count > before;
}

static const char *owners_way(struct via_plan *plan, const struct via_keeping *keeping,
			      uint64_t count)
{
	unsigned long long number = count;

	switch (keeping->keeper) {
	case VIA_KEEPER_NETPLAN:
		return arena_printf(plan->arena,
				    "have its owner say it: virtual-function-count: %llu in /%s, "
				    "then netplan apply",
				    number, keeping->path);
	case VIA_KEEPER_NETWORKD:
		return arena_printf(plan->arena,
				    "have its owner say it: SR-IOVVirtualFunctions=%llu in /%s, "
				    "then udevadm control --reload",
				    number, keeping->path);
	default:
		return arena_printf(plan->arena, "take it out of /%s", keeping->path);
	}
}

bool plan_keep_count(struct via_plan *plan, const struct via_host *host,
		     const struct via_pci_device *pf, uint64_t count)
{
	size_t before = plan->refused.count;

	via_for_each (keeping, &host->keepers.list) {
		enum via_belongs belongs = keeping_belongs(keeping, pf);

		if (!text_ends(keeping->what, " virtual functions") || keeping->guest ||
		    belongs == VIA_BELONGS_NOT || strtoull(keeping->what, NULL, 10) == count)
			continue;
		if (plan->lasting && belongs == VIA_BELONGS)
			plan_refuse(plan, pf->name, owners_way(plan, keeping, count),
				    "%s makes %s of it at each boot", keeper_name(keeping->keeper),
				    keeping->what);
		else
			plan_risk(plan, "%s%s makes %s of %s again at each boot (%s)",
				  perhaps(belongs), keeper_name(keeping->keeper), keeping->what,
				  pf->name, keeping->path);
	}
	return plan->refused.count > before;
}

void plan_tell_guests(struct via_plan *plan, const struct via_host *host,
		      const struct via_pci_device *device)
{
	via_for_each (keeping, &host->keepers.list)
		if (keeping->guest && keeping_is_of(keeping, device))
			plan_risk(plan,
				  "%s is given to %s by %s (/%s): without it that guest "
				  "does not start",
				  device->name, keeping->guest, keeper_name(keeping->keeper),
				  keeping->path);
}
