/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/goal.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"

#include "model/select.h"
#include "plan/boot.h"

static const char vfio_pci[] = "vfio-pci";

void plan_bind(struct via_plan *plan, const struct via_pci_device *device, const char *override,
	       const char *driver)
{
	const char *old_override = fact_text(&device->override) ?: "";
	const char *identity = plan_identity(plan->arena, device);
	const char *present = fact_text(&device->driver);

	if (present)
		plan_act(plan, VIA_ACTION_DRIVER, device->name, present, "",
			 "its present driver lets go")
			->identity = identity;
	if (strcmp(old_override, override) != 0)
		plan_act(plan, VIA_ACTION_DRIVER_OVERRIDE, device->name, old_override, override,
			 *override ? "only that driver may take it"
				   : "any driver that knows it may take it again")
			->identity = identity;
	if (*driver)
		plan_act(plan, VIA_ACTION_DRIVER, device->name, "", driver, "the driver takes it")
			->identity = identity;
}

static bool chosen(const struct via_pci_device *const *devices, size_t count,
		   const struct via_pci_device *device)
{
	for (size_t i = 0; i < count; i++)
		if (devices[i] == device)
			return true;
	return false;
}

/* Members of the group that a driver of the host holds, and that are not asked for too. */
static bool refuse_blockers(struct via_plan *plan, const struct via_host *host,
			    const struct via_pci_device *device,
			    const struct via_pci_device *const *devices, size_t count)
{
	const struct via_pci_group *group = pci_group(&host->pci, device->group.number);
	bool refused = false;

	if (!group)
		return false;
	if (pci_group_untold(group)) {
		const struct via_fact *untold = pci_group_untold(group);

		plan_refuse(plan, device->name, NULL,
			    "what else is in its group %llu could not be told (%s: %s)",
			    (unsigned long long)group->id, untold->path, errno_name(untold->error));
		refused = true;
	}
	via_for_each (member, &group->devices) {
		const char *driver = fact_text(&(*member)->driver);

		if (!driver || pci_driver_shares_group(driver) || chosen(devices, count, *member))
			continue;
		plan_refuse(plan, device->name,
			    arena_printf(plan->arena,
					 "give both away (passthrough %s %s), or release %s first",
					 device->name, (*member)->name, (*member)->name),
			    "%s is in the same group %llu and belongs to the host's driver %s",
			    (*member)->name, (unsigned long long)group->id, driver);
		refused = true;
	}
	return refused;
}

static bool refuse_device(struct via_plan *plan, const struct via_host *host,
			  const struct via_pci_device *device)
{
	const struct via_pci_group *group = pci_group(&host->pci, fact_number(&device->group, 0));
	bool grouped = fact_is(&device->group, VIA_PRESENT);
	size_t before = plan->refused.count;

	if (pci_is_bridge(device))
		plan_refuse(plan, device->name, "name the device behind it",
			    "it is a bridge: bridges stay with the host");
	if (fact_is(&device->group, VIA_UNKNOWN))
		plan_refuse(plan, device->name, NULL, "its group could not be told (%s)",
			    errno_name(device->group.error));
	if (fact_is(&device->group, VIA_ABSENT) || (grouped && group && !pci_group_isolates(group)))
		plan_refuse(plan, device->name,
			    "viaduct check says which layer keeps the IOMMU off",
			    "no IOMMU translates it: a guest could write all over the host's "
			    "memory");
	if (fact_is(&device->virtfns_known, VIA_UNKNOWN))
		plan_refuse(plan, device->name, NULL,
			    "it could not be told whether it has VFs on (%s)",
			    errno_name(device->virtfns_known.error));
	if (device->virtfns.count)
		plan_refuse(plan, device->name,
			    "switch its VFs off first, or give one of them away",
			    "it is a PF with %zu VFs on", device->virtfns.count);
	plan_refuse_holders(plan, device);
	return plan->refused.count > before;
}

static void load_module(struct via_plan *plan, const struct via_host *host)
{
	const struct via_module *module = &host->kernel.modules[VIA_MODULE_VFIO_PCI];

	if (!fact_is(&module->loaded, VIA_PRESENT) && !fact_is(&module->builtin, VIA_PRESENT) &&
	    !plan_moves(plan, VIA_ACTION_MODULE, vfio_pci))
		plan_act(plan, VIA_ACTION_MODULE, vfio_pci, "absent", "loaded",
			 "the driver that hands devices to guests");
}

static bool is_done(const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);

	return driver && strcmp(driver, vfio_pci) == 0;
}

/* When it is to hold: both, as far as this host lets it, unless one was asked for alone. */
struct when {
	bool now, persistent, asked;
};

static int read_options(const char *const **words, size_t *count, struct when *ret,
			struct via_error *error)
{
	struct when when = { 0 };

	for (; *count && text_starts(**words, "--"); ++*words, --*count) {
		if (strcmp(**words, "--now") == 0)
			when.now = true;
		else if (strcmp(**words, "--persistent") == 0)
			when.persistent = true;
		else
			return error_set(error, -EINVAL, "plan passthrough", **words,
					 "there is no such option");
	}
	when.asked = when.persistent;
	if (!when.now && !when.persistent)
		when.now = when.persistent = true;
	*ret = when;
	return 0;
}

/* From the next boot on. What was not asked for by name gives way where it cannot be done. */
static void plan_persistent(struct via_plan *plan, const struct via_host *host,
			    const struct via_pci_device *const *devices, size_t count, bool asked)
{
	const char *untold = plan_early_untold(plan, host);
	struct via_names words = { 0 }, none = { 0 };

	if (!asked && untold) {
		plan_risk(plan, "it holds until the next boot only: %s", untold);
		return;
	}
	for (size_t i = 0; i < count && !asked; i++)
		if (fact_text(&devices[i]->physfn)) {
			plan_risk(plan,
				  "it holds until the next boot only: %s is a virtual function, "
				  "and those are made anew in each boot",
				  devices[i]->name);
			return;
		}
	if (plan_early(plan, host, devices, count, &words) && words.count)
		plan_words(plan, host, &words, &none, "the driver's own list of ids");
}

static int plan_passthrough(const struct via_host *host, const char *const *words, size_t count,
			    struct via_plan *plan, struct via_error *error)
{
	const struct via_pci_device **devices =
		arena_alloc(plan->arena, (count + 1) * sizeof(struct via_pci_device *));
	struct when when = { 0 };
	bool todo = false;
	int r = read_options(&words, &count, &when, error);

	if (r < 0)
		return r;
	if (!count)
		return error_set(error, -EINVAL, "plan", "passthrough", "no device named");
	for (size_t i = 0; i < count; i++) {
		r = select_device(&host->pci, words[i], &devices[i], error);
		if (r < 0)
			return r;
		todo |= !is_done(devices[i]);
	}
	for (size_t i = 0; i < count; i++)
		if (!is_done(devices[i]) && !refuse_device(plan, host, devices[i]))
			refuse_blockers(plan, host, devices[i], devices, count);
	if (plan->refused.count)
		return 0;
	if (when.persistent)
		plan_persistent(plan, host, devices, count, when.asked);
	if (plan->refused.count || !todo || !when.now)
		return 0;
	load_module(plan, host);
	for (size_t i = 0; i < count; i++)
		if (!is_done(devices[i]))
			plan_bind(plan, devices[i], vfio_pci, vfio_pci);
	return 0;
}

const struct via_goal_kind goal_passthrough = {
	.name = "passthrough",
	.arguments = "[--now] [--persistent] DEVICE...",
	.summary = "hold devices for guests: bind them to vfio-pci, now and from each boot on",
	.plan = plan_passthrough,
};
