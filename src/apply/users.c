/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/users.h"

#include <errno.h>
#include <string.h>

#include "probe/probe.h"

struct via_host *users_look(const struct via_world *world)
{
	struct via_host *host = host_new();

	host->lean = true; /* who uses them, not what they are */
	probe_pci(&world->root, host);
	probe_holders(&world->root, &world->queries, host);
	probe_mediated(&world->root, host);
	probe_vdpa(&world->root, &world->queries, host);
	probe_openers(&world->root, host);
	return host;
}

static const struct via_pci_device *find(const struct via_host *host, const char *name)
{
	struct via_pci_address address;

	return address_parse(name, &address) == 0 ? pci_find(&host->pci, address) : NULL;
}

static bool overruled(const struct via_holder *holder, enum via_insistence insistence)
{
	enum via_insistence needed =
		holder->loss == VIA_LOSS_VITAL ? VIA_INSIST_TWICE : VIA_INSIST_ONCE;

	return holder_can_be_overruled(holder) && insistence >= needed;
}

static int function_allows(const struct via_pci_device *device, enum via_insistence insistence,
			   struct via_error *error)
{
	const struct via_holder *first = NULL;
	size_t count = 0;

	if (!device)
		return 0;
	via_for_each (holder, &device->holders) {
		if (overruled(holder, insistence))
			continue;
		first = first ?: holder;
		count++;
	}
	if (!first)
		return 0;
	error_set(error, -EBUSY, "undo", device->name, "the host uses it: %s%s; it would lose %s",
		  first->what, count > 1 ? ", and more" : "", first->loses);
	error_hint(error, "%s", holder_remedy(first));
	return -EBUSY;
}

/* @waits: the kernel would wait for that user, which nobody can overrule */
static int nobody_uses(const char *name, const char *user, bool waits,
		       enum via_insistence insistence, struct via_error *error)
{
	if (!user || (!waits && insistence != VIA_INSIST_NOT))
		return 0;
	error_set(error, -EBUSY, "undo", name, "%s", user);
	error_hint(error, waits ? "end that use first: the kernel would wait for it"
				: "end that use first, or --force");
	return -EBUSY;
}

/* Of devices that are no functions; 0 for any other action. */
static int virtual_allows(const struct via_host *host, const struct via_action *action,
			  enum via_insistence insistence, struct via_error *error)
{
	int r = 0;

	if (action->kind == VIA_ACTION_MDEV)
		via_for_each (device, &host->mediated.devices)
			if (strcmp(device->uuid, action->target) == 0)
				r = nobody_uses(device->uuid, device->user, true, insistence,
						error);
	if (action->kind == VIA_ACTION_VDPA || action->kind == VIA_ACTION_VDPA_DRIVER)
		via_for_each (device, &host->vdpa.devices)
			if (strcmp(device->name, action->target) == 0)
				r = nobody_uses(device->name, device->user, device->node != NULL,
						insistence, error);
	return r;
}

int users_allow(const struct via_host *host, const struct via_action *action,
		enum via_insistence insistence, struct via_error *error)
{
	const struct via_pci_device *device;
	int r = virtual_allows(host, action, insistence, error);

	if (r < 0)
		return r;
	if (action->kind == VIA_ACTION_DRIVER || action->kind == VIA_ACTION_NVME_SECONDARY)
		return function_allows(find(host, action->target), insistence, error);
	if (action->kind != VIA_ACTION_SRIOV_COUNT)
		return 0;
	device = find(host, action->target);
	if (!device)
		return 0;
	if (fact_is(&pci_sriov(device)->virtfns_known, VIA_UNKNOWN))
		return error_set(error, -ENODATA, "undo", device->name,
				 "which VFs it has could not be told: %s",
				 errno_name(pci_sriov(device)->virtfns_known.error));
	via_for_each (vf, &pci_sriov(device)->virtfns)
		r = r ?: function_allows(find(host, *vf), insistence, error);
	return r;
}
