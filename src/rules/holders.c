/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "rules/rule.h"

/* What the walk over the functions found. */
struct need {
	size_t vital, used, shared, devices;
	const struct via_pci_device *first, *first_shared;
	const struct via_fact *untold, *bridge_untold;
};

/* Storage, network, display, sound, USB: what people give to guests. */
static bool is_wanted(const struct via_pci_device *device)
{
	static const struct {
		uint32_t code, mask;
	} classes[] = {
		{ 0x010000, 0xff0000 }, { 0x020000, 0xff0000 }, { 0x030000, 0xff0000 },
		{ 0x040000, 0xff0000 }, { 0x0c0300, 0xffff00 },
	};

	for (size_t i = 0; i < VIA_COUNT(classes); i++)
		if (pci_class_is(device, classes[i].code, classes[i].mask))
			return true;
	return false;
}

/* Behind VMD nothing goes to a guest without the controller, and all that is there goes along. */
static bool go_as_one(const struct via_pci_device *a, const struct via_pci_device *b)
{
	return (a->dma_device ?: a) == (b->dma_device ?: b);
}

/* Another function that could not go to a guest without this one. */
static const struct via_pci_device *group_mate(const struct via_host *host,
					       const struct via_pci_device *device)
{
	const struct via_pci_group *group = fact_is(&device->group, VIA_PRESENT)
						    ? pci_group(&host->pci, device->group.number)
						    : NULL;

	if (!group)
		return NULL;
	via_for_each (member, &group->devices)
		if (!go_as_one(*member, device) && is_wanted(*member))
			return *member;
	return NULL;
}

/* Whether there may be a mate that was not seen. */
static const struct via_fact *mates_untold(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices) {
		const struct via_fact *group = &device->group;

		if (fact_is(group, VIA_UNKNOWN) && group->error != ENODATA)
			return group;
		if (fact_is(group, VIA_PRESENT) && !pci_group(&host->pci, group->number) &&
		    fact_is(&host->pci.groups_directory, VIA_UNKNOWN))
			return &host->pci.groups_directory;
	}
	return host_untold_class(host);
}

/* Nothing uses a bridge; a source of bridges alone holds something else back. */
static void note_untold(const struct via_pci_device *device, struct need *need)
{
	const struct via_fact **untold =
		pci_is_bridge(device) ? &need->bridge_untold : &need->untold;

	need->devices += !pci_is_bridge(device);
	if (fact_is(&device->holders_known, VIA_UNKNOWN) && !*untold)
		*untold = &device->holders_known;
}

static void take_device(const struct via_host *host, const struct via_pci_device *device,
			struct via_finding *finding, struct need *need)
{
	const struct via_holder *worst = holders_worst(&device->holders);

	note_untold(device, need);
	if (!worst)
		return;
	need->used++;
	if (worst->loss != VIA_LOSS_VITAL)
		return;
	need->vital++;
	need->first = need->first ?: device;
	via_for_each (holder, &device->holders)
		if (holder->loss == VIA_LOSS_VITAL)
			finding_cite_value(finding, device->name, "%s", holder->what);
	if (group_mate(host, device)) {
		need->shared++;
		need->first_shared = need->first_shared ?: device;
	}
}

static bool ways_untold(const struct via_host *host, struct via_finding *finding)
{
	const struct via_lifelines *ways = &host->lifelines;
	bool untold = ways->asked && (fact_is(&ways->routes_known, VIA_UNKNOWN) ||
				      fact_is(&ways->sessions_known, VIA_UNKNOWN));

	if (!untold)
		return false;
	finding_cite(finding, &ways->routes_known);
	finding_cite(finding, &ways->sessions_known);
	return true;
}

static enum via_verdict tell_shared(const struct via_host *host, struct via_finding *finding,
				    const struct need *need)
{
	const struct via_pci_device *device = need->first_shared;

	finding_detail(finding,
		       "The host cannot do without %s, which is in group %llu together with %s: "
		       "neither can go to a guest.",
		       device->name, (unsigned long long)device->group.number,
		       group_mate(host, device)->name);
	finding_manual(finding, "Move the card you want to give away to another slot, or what the "
				"host needs to another controller; viaduct list --groups shows "
				"who is with whom.");
	return VIA_WARN;
}

static enum via_verdict in_use(const struct via_host *host, struct via_finding *finding)
{
	struct need need = { 0 };

	if (!fact_number(&host->pci.bus, 0)) {
		finding_cite(finding, &host->pci.bus);
		return fact_is(&host->pci.bus, VIA_UNKNOWN) ? VIA_CANNOT_TELL : VIA_SKIP;
	}
	via_for_each (device, &host->pci.devices)
		take_device(host, device, finding, &need);
	if (!need.devices)
		need.untold = need.bridge_untold;
	if (need.vital && !need.shared)
		need.untold = need.untold ?: mates_untold(host);
	if (need.shared)
		return tell_shared(host, finding, &need);
	if (need.untold) {
		finding_cite(finding, need.untold);
		return VIA_CANNOT_TELL;
	}
	if (ways_untold(host, finding))
		return VIA_CANNOT_TELL;
	finding_cite_value(finding, "functions in use", "%zu", need.used);
	if (need.vital)
		finding_detail(finding,
			       "The host cannot do without %zu function%s, %s first: viaduct show "
			       "says why, and they are refused to guests.",
			       need.vital, need.vital == 1 ? "" : "s", need.first->name);
	else
		finding_detail(finding, "No PCI function carries the root disk, the way to the "
					"network, the only screen or the only keyboard.");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "devices.in-use",
		.layer = VIA_LAYER_DEVICES,
		.title = "What the host needs for itself",
		.source = "Documentation/ABI/stable/sysfs-block, sysfs-class-net; proc(5), "
			  "mountinfo",
		.eval = in_use,
	},
};

const struct via_rule_table holder_rules = { rules, VIA_COUNT(rules) };
