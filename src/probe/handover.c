/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/modalias.h"

enum { ALIASES_LIMIT = 16 * 1024 * 1024 };

static const char base[] = "sys/bus/pci/devices";
static const char prefix[] = "vfio_pci:";

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

void probe_handover(const struct via_root *root, struct via_host *host)
{
	struct via_aliases aliases = { 0 };
	struct via_fact known = collect(root, host, &aliases);

	via_for_each (device, &host->pci.devices) {
		device->vfio_driver = made_for(host, &aliases, &known, device);
		device->d3cold_allowed =
			root_number(root, host->arena, "%s/%s/d3cold_allowed", base, device->name);
	}
}
