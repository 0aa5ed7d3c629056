/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/goal.h"

#include <errno.h>

void plan_overrule(struct via_plan *plan, const char *what, const char *why)
{
	*via_list_add(plan->arena, &plan->overruled) =
		(struct via_refusal){ .what = what, .why = why };
}

static enum via_insistence needed(const struct via_holder *holder)
{
	return holder->loss == VIA_LOSS_VITAL ? VIA_INSIST_TWICE : VIA_INSIST_ONCE;
}

static const char *hint(struct via_plan *plan, const struct via_holder *holder)
{
	const char *remedy = holder_remedy(holder);

	if (!holder_can_be_overruled(holder))
		return remedy;
	return arena_printf(plan->arena, "%s; or insist: %s", remedy,
			    needed(holder) == VIA_INSIST_TWICE ? "--force --force" : "--force");
}

static bool refuse_untold(struct via_plan *plan, const struct via_pci_device *device)
{
	const struct via_fact *known = &device->holders_known;

	if (!fact_is(known, VIA_UNKNOWN))
		return false;
	if (plan->insistence >= VIA_INSIST_TWICE) {
		plan_overrule(plan, device->name,
			      arena_printf(plan->arena, "it could not be told what uses it (%s)",
					   known->path));
		return false;
	}
	plan_refuse(plan, device->name,
		    "look at it as root, on the host itself; or insist: --force --force",
		    "it could not be told what uses it (%s: %s)", known->path,
		    errno_name(known->error));
	return true;
}

static bool refuse_holder(struct via_plan *plan, const struct via_pci_device *device,
			  const struct via_holder *holder)
{
	if (holder_can_be_overruled(holder) && plan->insistence >= needed(holder)) {
		plan_overrule(plan, device->name, holder->what);
		return false;
	}
	plan_refuse(plan, device->name, hint(plan, holder),
		    "the host uses it: %s; it would lose %s", holder->what, holder->loses);
	return true;
}

bool plan_refuse_functions(struct via_plan *plan, const struct via_pci_device *device)
{
	if (fact_is(&pci_sriov(device)->virtfns_known, VIA_UNKNOWN))
		plan_refuse(plan, device->name, NULL,
			    "it could not be told whether it has VFs on (%s)",
			    errno_name(pci_sriov(device)->virtfns_known.error));
	else if (pci_sriov(device)->virtfns.count)
		plan_refuse(plan, device->name,
			    "switch its VFs off first, or give one of them away",
			    "it is a PF with %zu VFs on, which go when its driver lets go of it",
			    pci_sriov(device)->virtfns.count);
	else
		return false;
	return true;
}

bool plan_refuse_holders(struct via_plan *plan, const struct via_pci_device *device)
{
	bool refused = refuse_untold(plan, device);

	via_for_each (holder, &device->holders)
		refused |= refuse_holder(plan, device, holder);
	return refused;
}
