/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>

#include "decode/modalias.h"
#include "sys/module_index.h"

enum { ALIASES_LIMIT = 16 * 1024 * 1024 };

/* A captured kernel: by its text files, which cannot lead a reader astray. */
static void claim_by_text(const struct via_root *root, struct via_host *host, const char *release)
{
	struct via_blob loadable = root_blob(root, host->arena, ALIASES_LIMIT,
					     "lib/modules/%s/modules.alias", release);
	struct via_blob builtin = root_blob(root, host->arena, ALIASES_LIMIT,
					    "lib/modules/%s/modules.builtin.modinfo", release);

	/* A kernel without that file says nothing of what is built in; one that hides it might. */
	if (fact_is(&builtin.fact, VIA_UNKNOWN) && builtin.fact.error != ENODATA)
		loadable = builtin;
	via_for_each (device, &host->pci.devices) {
		const char *alias = fact_text(&device->modalias);

		if (!alias || !fact_is(&loadable.fact, VIA_PRESENT)) {
			int error = loadable.fact.error ? loadable.fact.error : ENOENT;

			device->modules_known =
				fact_unknown(loadable.fact.path, alias ? error : ENODATA);
			continue;
		}
		modalias_claims(host->arena, loadable.span, alias, &device->modules);
		modalias_builtin_claims(host->arena, builtin.span, alias, &device->modules);
		device->modules_known =
			fact_present(loadable.fact.path, NULL, device->modules.count);
	}
}

static void claim_by_index(struct via_module_index *index, struct via_host *host, int r)
{
	via_for_each (device, &host->pci.devices) {
		const char *alias = fact_text(&device->modalias);

		if (r < 0 || !alias)
			device->modules_known = fact_unknown("lib/modules", r < 0 ? -r : ENODATA);
		else
			device->modules_known =
				module_index_claims(index, host->arena, alias, &device->modules);
	}
}

void probe_claims(const struct via_root *root, struct via_host *host)
{
	const char *release = fact_text(&host->kernel_release);
	struct via_module_index *index = NULL;
	int r = release ? module_index_open(&index, root, release) : -ENODATA;

	if (release && !root_as_live(root) && r < 0)
		claim_by_text(root, host, release);
	else
		claim_by_index(index, host, r);
	module_index_close(index);
}
