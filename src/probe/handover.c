/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/modalias.h"
#include "probe/pci_part.h"

enum { ALIASES_LIMIT = 16 * 1024 * 1024 };

static const char prefix[] = "vfio_pci:";

struct via_pci_handover *pci_own_handover(struct via_arena *arena, struct via_pci_device *device)
{
	struct via_pci_handover *own = arena_memdup(arena, pci_handover(device), sizeof(*own));

	device->handover = own;
	return own;
}

/* VFIO's drivers say for what they are in aliases of their own since Linux 5.16. */
static struct via_fact collect(const struct via_root *root, struct via_host *host,
			       struct via_aliases *ret)
{
	const char *release = fact_text(&host->kernel_release);
	struct via_blob loadable, builtin;

	if (!release)
		return fact_unknown("lib/modules", ENODATA);
	loadable = root_blob(root, host->arena, ALIASES_LIMIT, "lib/modules/%s/modules.alias",
			     release);
	builtin = root_blob(root, host->arena, ALIASES_LIMIT,
			    "lib/modules/%s/modules.builtin.modinfo", release);
	modalias_collect(host->arena, loadable.span, prefix, ret);
	modalias_builtin_collect(host->arena, builtin.span, prefix, ret);
	return loadable.fact;
}

/* Of all that match the one that says most; vfio-pci's own pattern says nothing. */
static struct via_fact made_for(struct via_host *host, const struct via_aliases *aliases,
				const struct via_fact *known, const struct via_pci_device *device)
{
	const char *alias = fact_text(&device->modalias), *module;

	if (!fact_is(known, VIA_PRESENT))
		return *known;
	if (!alias || !text_starts(alias, "pci:"))
		return fact_unknown(known->path, ENODATA);
	module = modalias_fittest(aliases, arena_printf(host->arena, "vfio_%s", alias));
	if (!module || strcmp(module, "vfio_pci") == 0)
		return fact_absent(known->path);
	return fact_present(known->path, pci_vfio_driver_of(module), 1);
}

static void probe_policy(const struct via_place *place, struct via_arena *arena,
			 struct via_pci_device *device, struct via_pci_handover *own)
{
	own->d3cold_allowed = place_number(place, arena, "d3cold_allowed");
	if (fact_is(&device->reset_method, VIA_NOT_ASKED))
		device->reset_method = place_text(place, arena, "reset_method");
}

static void probe_function(const struct via_root *root, struct via_host *host, int at, bool policy,
			   struct via_pci_device *device)
{
	struct via_pci_handover *own = pci_own_handover(host->arena, device);
	bool virtual = fact_is(&device->physfn, VIA_PRESENT);
	char path[PCI_PATH_BYTES];
	struct via_place place = pci_enter(root, at, device->name, path);

	own->override = place_text(&place, host->arena, "driver_override");
	if (fact_text(&own->override) && strcmp(own->override.text, "(null)") == 0)
		own->override.text = "";
	if (host->lean && !virtual)
		probe_pci_rest(root, host, host->arena, at, device);
	if (policy || !virtual)
		probe_policy(&place, host->arena, device, own);
	place_leave(&place);
}

void probe_handover(const struct via_root *root, struct via_host *host, bool policy)
{
	_cleanup_close_ int at = probe_pci_open(root);
	struct via_aliases aliases = { 0 };
	struct via_fact known = collect(root, host, &aliases);

	host->pci.drivers_known =
		root_entries(root, host->arena, &host->pci.drivers, "sys/bus/pci/drivers");
	via_for_each (device, &host->pci.devices) {
		probe_function(root, host, at, policy, device);
		pci_own_handover(host->arena, device)->vfio_driver =
			made_for(host, &aliases, &known, device);
	}
}
