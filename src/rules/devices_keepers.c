/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "rules/devices_part.h"

static void cite(const struct via_keeping *keeping, struct via_finding *finding)
{
	finding_cite_value(finding, keeping->path, "%s%s%s%s%s%s", keeping->device,
			   *keeping->device ? ": " : "", keeping->what, keeping->guest ? " (" : "",
			   keeping->guest ?: "", keeping->guest ? ")" : "");
}

/* Two that set the same function up at boot, each in its own way. */
static bool contradict(const struct via_keeping *one, const struct via_keeping *other,
		       const struct via_pci_device *device)
{
	return one->keeper != other->keeper && !one->guest && !other->guest &&
	       strcmp(one->what, other->what) != 0 && keeping_is_of(one, device) &&
	       keeping_is_of(other, device);
}

static const struct via_pci_device *contradicted(const struct via_host *host)
{
	const struct via_keepings *list = &host->keepers.list;

	via_for_each (device, &host->pci.devices)
		via_for_each (one, list)
			for (const struct via_keeping *other = one + 1;
			     other < list->items + list->count; other++)
				if (contradict(one, other, device))
					return device;
	return NULL;
}

/* A guest that starts by itself wants the device, and no such device is here: most often the
 * addresses have moved, and another one may have come into its place. */
static const struct via_keeping *lost(const struct via_host *host)
{
	if (!fact_is(&host->pci.bus, VIA_PRESENT))
		return NULL;
	via_for_each (keeping, &host->keepers.list) {
		bool there = (keeping->match && !keeping->match->path) || !*keeping->device ||
			     !strchr(keeping->device, ':') || keeping_is_pattern(keeping->device);

		via_for_each (device, &host->pci.devices)
			there |= keeping_belongs(keeping, device) != VIA_BELONGS_NOT;
		if (!there)
			return keeping;
	}
	return NULL;
}

/* driverctl keeps a driver for a function that has another one now. */
static const struct via_pci_device *unheeded(const struct via_host *host)
{
	via_for_each (keeping, &host->keepers.list) {
		if (keeping->keeper != VIA_KEEPER_DRIVERCTL)
			continue;
		via_for_each (device, &host->pci.devices)
			if (keeping_is_of(keeping, device) && fact_text(&device->driver) &&
			    !text_ends(keeping->what, device->driver.text))
				return device;
	}
	return NULL;
}

/* The same could not be told of this one. */
static const struct via_fact *driver_untold(const struct via_host *host)
{
	via_for_each (keeping, &host->keepers.list)
		via_for_each (device, &host->pci.devices)
			if (keeping->keeper == VIA_KEEPER_DRIVERCTL &&
			    keeping_is_of(keeping, device) && fact_is(&device->driver, VIA_UNKNOWN))
				return &device->driver;
	return NULL;
}

static enum via_verdict judge(const struct via_host *host, struct via_finding *finding)
{
	const struct via_pci_device *both = contradicted(host), *other = unheeded(host);
	const struct via_keeping *missing = lost(host);

	if (both) {
		finding_detail(finding, "Two programs set up %s at boot, each in its own way.",
			       both->name);
		finding_manual(finding, "Leave it to one of them, and take it out of the other's "
					"file.");
	} else if (missing) {
		finding_detail(finding, "%s keeps %s (%s), and no such device is here.",
			       keeper_name(missing->keeper), missing->device, missing->what);
		finding_manual(finding,
			       "Addresses move when cards or firmware change: find it with "
			       "viaduct list, and correct the file.");
	} else if (other) {
		finding_detail(finding,
			       "driverctl keeps another driver for %s than %s, which has it.",
			       other->name, other->driver.text);
		finding_manual(finding,
			       "driverctl list-overrides shows what it keeps; its udev rule "
			       "acts when the device appears.");
	} else {
		finding_detail(finding, "%zu setting%s of devices kept by other programs.",
			       host->keepers.list.count, host->keepers.list.count == 1 ? "" : "s");
	}
	return both || missing || other ? VIA_WARN : VIA_PASS;
}

static enum via_verdict keepers(const struct via_host *host, struct via_finding *finding)
{
	const struct via_fact *untold = fact_is(&host->keepers.known, VIA_UNKNOWN)
						? &host->keepers.known
						: driver_untold(host);
	enum via_verdict verdict;

	via_for_each (keeping, &host->keepers.list)
		cite(keeping, finding);
	if (host->keepers.list.count) {
		verdict = judge(host, finding);
		if (verdict != VIA_PASS)
			return verdict;
	}
	if (untold) {
		finding_cite(finding, untold);
		return VIA_CANNOT_TELL;
	}
	if (host->keepers.list.count)
		return VIA_PASS;
	finding_detail(finding, "No other program keeps settings of devices here.");
	return VIA_SKIP;
}

static const struct via_rule rules[] = {
	{
		.id = "devices.keepers",
		.layer = VIA_LAYER_DEVICES,
		.title = "Who else sets devices up, or gives them to guests",
		.source = "driverctl(8); netplan(5); systemd.network(5); systemd.link(5); udev(7); "
			  "qm.conf(5); libvirt's formatdomain and formatnetwork",
		.eval = keepers,
	},
};

const struct via_rule_table device_keeper_rules = { rules, VIA_COUNT(rules) };
