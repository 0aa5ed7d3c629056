/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "sys/module_index.h"

void probe_claims(const struct via_root *root, struct via_host *host)
{
	const char *release = fact_text(&host->kernel_release);
	struct via_module_index *index = NULL;
	int r = release ? module_index_open(&index, root, release) : -ENODATA;

	via_for_each(device, &host->pci.devices) {
		const char *alias = fact_text(&device->modalias);

		if (r < 0 || !alias)
			device->modules_known = fact_unknown("lib/modules", r < 0 ? -r : ENODATA);
		else
			device->modules_known = module_index_claims(index, host->arena, alias,
								    &device->modules);
	}
	module_index_close(index);
}
