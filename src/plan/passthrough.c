/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/passthrough.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "base/reset_methods.h"

#include "model/select.h"
#include "plan/boot.h"
#include "plan/keepers.h"

static const char vfio_pci[] = "vfio-pci";

void plan_bind(struct via_plan *plan, const struct via_pci_device *device, const char *override,
	       const char *driver)
{
	const char *old_override = fact_text(&pci_handover(device)->override) ?: "";
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

/* What is given away together; what is so by other plans, @beside it. */
struct together {
	const struct via_handover *items, *beside;
	size_t count, beside_count;
};

static bool is_among(const struct via_handover *items, size_t count,
		     const struct via_pci_device *device)
{
	for (size_t i = 0; i < count; i++)
		if (items[i].device == device)
			return true;
	return false;
}

static bool chosen(const struct together *together, const struct via_pci_device *device)
{
	return is_among(together->items, together->count, device) ||
	       is_among(together->beside, together->beside_count, device);
}

/* Members of the group that a driver of the host holds, and that are not asked for too. */
static bool refuse_blockers(struct via_plan *plan, const struct via_host *host,
			    const struct via_pci_device *device, const struct together *together)
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
		if (!pci_member_blocks(*member) || chosen(together, *member))
			continue;
		plan_refuse(plan, device->name,
			    arena_printf(plan->arena,
					 "give both away (passthrough %s %s, or bind --group), or "
					 "release %s first",
					 device->name, (*member)->name, (*member)->name),
			    "%s is in the same group %llu and belongs to the host's driver %s",
			    (*member)->name, (unsigned long long)group->id, (*member)->driver.text);
		refused = true;
	}
	return refused;
}

/*
 * Behind VMD there is only the controller to give: its driver takes the whole domain away.
 * Source: vmd_remove() in drivers/pci/controller/vmd.c; pci_real_dma_dev()
 */
static void refuse_vmd(struct via_plan *plan, const struct via_host *host,
		       const struct via_pci_device *device)
{
	if (device->dma_device)
		plan_refuse(
			plan, device->name,
			arena_printf(plan->arena,
				     "give the whole VMD controller (passthrough %s), or switch "
				     "VMD off in the setup",
				     device->dma_device->name),
			"it is behind the VMD controller %s, in whose name it works, and is "
			"gone when that one is released",
			device->dma_device->name);
	via_for_each (behind, &host->pci.devices)
		if (behind->dma_device == device)
			plan_refuse_holders(plan, behind);
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
	refuse_vmd(plan, host, device);
	plan_refuse_functions(plan, device);
	plan_refuse_holders(plan, device);
	return plan->refused.count > before;
}

static const char *driver_for(const struct via_handover *handover)
{
	return handover->driver ?: fact_text(&pci_handover(handover->device)->vfio_driver) ?: vfio_pci;
}

/* Which module a driver of VFIO's is from its name tells; of another, only that it is there. */
static void load_module(struct via_plan *plan, const struct via_host *host, const char *driver)
{
	bool own = strcmp(driver, vfio_pci) == 0;
	const char *name = own ? driver : pci_vfio_module_of(driver);
	const struct via_module *module = own ? &host->kernel.modules[VIA_MODULE_VFIO_PCI]
					      : kernel_module(&host->kernel, name);

	if (names_have(&host->pci.drivers, driver) || plan_moves(plan, VIA_ACTION_MODULE, name))
		return;
	if (module &&
	    (fact_is(&module->loaded, VIA_PRESENT) || fact_is(&module->builtin, VIA_PRESENT)))
		return;
	plan_act(plan, VIA_ACTION_MODULE, name, "absent", "loaded",
		 own ? "the driver that hands devices to guests"
		     : "the driver that hands this kind of device to guests");
}

static bool is_done(const struct via_handover *handover)
{
	const char *driver = fact_text(&handover->device->driver);

	return driver && strcmp(driver, driver_for(handover)) == 0;
}

static void plan_attribute(struct via_plan *plan, const struct via_pci_device *device,
			   enum via_action_kind kind, const char *present, const char *wanted,
			   const char *why)
{
	if (strcmp(present, wanted) != 0)
		plan_act(plan, kind, device->name, present, wanted, why)->identity =
			plan_identity(plan->arena, device);
}

/* Ahead of the driver, which goes by them from the start. */
static void plan_policy(struct via_plan *plan, const struct via_handover *handover)
{
	const struct via_pci_device *device = handover->device;

	if (handover->d3cold)
		plan_attribute(plan, device, VIA_ACTION_D3COLD_ALLOWED,
			       fact_number(&pci_handover(device)->d3cold_allowed, 1) ? "1" : "0",
			       handover->d3cold,
			       *handover->d3cold == '0' ? "it keeps power in its sleep"
							: "it may lose all power in its sleep");
	if (handover->reset)
		plan_attribute(plan, device, VIA_ACTION_RESET_METHOD,
			       fact_text(&device->reset_method) ?: "", handover->reset,
			       *handover->reset ? "reset by these, in this order"
						: "nothing resets it");
}

static void refuse_policy(struct via_plan *plan, const struct via_handover *handover)
{
	const struct via_pci_device *device = handover->device;

	if (handover->reset && !reset_methods_valid(handover->reset))
		plan_refuse(plan, device->name,
			    "the kernel knows flr, af_flr, pm, bus, cxl_bus, acpi and "
			    "device_specific",
			    "\"%s\" is no list of reset methods", handover->reset);
	if (handover->reset && !fact_is(&device->reset_method, VIA_PRESENT))
		plan_refuse(plan, device->name, NULL,
			    fact_is(&device->reset_method, VIA_UNKNOWN)
				    ? "its reset methods could not be read"
				    : "the kernel knows no way to reset it, or is older than Linux "
				      "5.15 and does not let one choose");
	if (handover->d3cold && !fact_is(&pci_handover(device)->d3cold_allowed, VIA_PRESENT))
		plan_refuse(plan, device->name, NULL,
			    "whether it may lose power could not be read (d3cold_allowed)");
}

/* The other functions of a graphics card: its sound, its USB controller, what charges by it. */
static void tell_companions(struct via_plan *plan, const struct via_host *host,
			    const struct via_pci_device *device, const struct together *together)
{
	if (!pci_class_is(device, 0x030000, 0xff0000))
		return;
	via_for_each (other, &host->pci.devices) {
		const char *driver = fact_text(&other->driver);

		if (!pci_same_card(device, other) || chosen(together, other) ||
		    (driver && pci_driver_is_vfio(driver)))
			continue;
		plan_risk(plan,
			  "%s sits on the same card as %s%s%s: give both away (bind "
			  "--companions), or its guest may find half a card",
			  other->name, device->name, driver ? " and belongs to " : "",
			  driver ?: "");
	}
}

/* Source: vfio_pci_validate_vf_token() in drivers/vfio/pci/vfio_pci_core.c */
static void tell_token(struct via_plan *plan, const struct via_host *host,
		       const struct via_pci_device *device)
{
	struct via_pci_address address;
	const struct via_pci_device *pf;
	const char *physfn = fact_text(&device->physfn), *driver;

	pf = physfn && address_parse(physfn, &address) == 0 ? pci_find(&host->pci, address) : NULL;
	driver = pf ? fact_text(&pf->driver) : NULL;
	if (driver && pci_driver_is_vfio(driver))
		plan_risk(plan,
			  "%s is of %s, which VFIO's %s has: whoever opens it has to give the "
			  "token that the user of %s has set (viaduct prove and vm run "
			  "--vf-token UUID)",
			  device->name, pf->name, driver, pf->name);
}

static void tell_driver(struct via_plan *plan, const struct via_handover *handover)
{
	const struct via_fact *made = &pci_handover(handover->device)->vfio_driver;

	if (!handover->driver && fact_is(made, VIA_UNKNOWN))
		plan_risk(plan,
			  "whether a VFIO driver is made for %s could not be told (%s: %s): it "
			  "goes to vfio-pci",
			  handover->device->name, made->path, errno_name(made->error));
	else if (handover->driver && strcmp(handover->driver, vfio_pci) == 0 && fact_text(made))
		plan_risk(plan,
			  "this kernel has %s for %s: by vfio-pci it works without live migration "
			  "and what that driver mends",
			  made->text, handover->device->name);
}

static void tell_this_boot_only(struct via_plan *plan, const struct together *together)
{
	for (size_t i = 0; i < together->count; i++) {
		const struct via_handover *handover = &together->items[i];

		if (strcmp(driver_for(handover), vfio_pci) != 0)
			plan_risk(plan,
				  "the initramfs gives %s to vfio-pci: declared in "
				  "/etc/viaduct/host.yaml it gets %s in each boot",
				  handover->device->name, driver_for(handover));
		if (handover->reset || handover->d3cold)
			plan_risk(plan,
				  "how %s is reset and sleeps holds until the next boot only: "
				  "declared in /etc/viaduct/host.yaml it holds in each",
				  handover->device->name);
	}
}

/* From the next boot on. What was not asked for by name gives way where it cannot be done. */
static void plan_persistent(struct via_plan *plan, const struct via_host *host,
			    const struct together *together, const struct via_handover_when *when)
{
	const struct via_pci_device **devices =
		arena_alloc(plan->arena, (together->count + 1) * sizeof(*devices));
	const char *untold = plan_early_untold(plan, host);
	struct via_names words = { 0 }, none = { 0 };
	size_t count = 0;

	if (!when->asked && untold) {
		plan_risk(plan, "it holds until the next boot only: %s", untold);
		return;
	}
	for (size_t i = 0; i < together->count; i++) {
		const struct via_pci_device *device = together->items[i].device;

		if (when->asked || !fact_text(&device->physfn))
			devices[count++] = device;
		else if (!when->declared)
			plan_risk(plan,
				  "it holds until the next boot only: %s is a virtual function, "
				  "and those are made anew in each boot",
				  device->name);
	}
	if (!count)
		return;
	if (!when->declared)
		tell_this_boot_only(plan, together);
	if (plan_early(plan, host, devices, count, &words) && words.count)
		plan_words(plan, host, &words, &none, "the driver's own list of ids");
}

static void plan_now(struct via_plan *plan, const struct via_host *host,
		     const struct together *together)
{
	for (size_t i = 0; i < together->count; i++)
		if (!is_done(&together->items[i]))
			load_module(plan, host, driver_for(&together->items[i]));
	for (size_t i = 0; i < together->count; i++) {
		const struct via_handover *handover = &together->items[i];
		const char *driver = driver_for(handover);

		plan_policy(plan, handover);
		if (!is_done(handover))
			plan_bind(plan, handover->device, driver, driver);
	}
}

void plan_handover(struct via_plan *plan, const struct via_host *host,
		   const struct via_handover *handovers, size_t count,
		   const struct via_handover_when *when)
{
	const struct together together = { handovers, when->beside, count, when->beside_count };

	for (size_t i = 0; i < count; i++) {
		const struct via_handover *handover = &handovers[i];

		refuse_policy(plan, handover);
		if (!is_done(handover) && !refuse_device(plan, host, handover->device))
			refuse_blockers(plan, host, handover->device, &together);
		if (is_done(handover))
			continue;
		tell_companions(plan, host, handover->device, &together);
		tell_driver(plan, handover);
		tell_token(plan, host, handover->device);
	}
	for (size_t i = 0; i < count && !plan->refused.count; i++)
		plan_keep_driver(plan, host, handovers[i].device, driver_for(&handovers[i]));
	if (!plan->refused.count && when->persistent)
		plan_persistent(plan, host, &together, when);
	if (!plan->refused.count && when->now)
		plan_now(plan, host, &together);
}

void plan_handover_unmade(struct via_plan *plan, const struct via_host *host, const char *name,
			  const struct via_handover *handover)
{
	const char *driver = handover->driver ?: vfio_pci;

	load_module(plan, host, driver);
	plan_act(plan, VIA_ACTION_DRIVER_OVERRIDE, name, "", driver,
		 "only that driver may take it");
	plan_act(plan, VIA_ACTION_DRIVER, name, "", driver, "the driver takes it");
	if (handover->reset || handover->d3cold)
		plan_risk(plan,
			  "%s is made by this very plan: how it is reset and sleeps is set when it "
			  "is there, at the next boot or apply",
			  name);
}
