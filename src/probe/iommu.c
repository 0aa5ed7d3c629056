/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <stdlib.h>
#include <string.h>

enum { INTERRUPTS_LIMIT = 4 * 1024 * 1024 };

/* Controllers whose name starts with IR- deliver through the remapping table. */
static struct via_fact remapped_interrupts(const struct via_root *root, struct via_arena *arena)
{
	struct via_blob blob = root_blob(root, arena, INTERRUPTS_LIMIT, "proc/interrupts");
	const char *found;

	if (!fact_is(&blob.fact, VIA_PRESENT))
		return blob.fact;
	found = memmem(blob.span.data, blob.span.size, " IR-", 4);
	return fact_present(blob.fact.path, found ? "IR- controllers" : "no IR- controller",
			    found ? 1 : 0);
}

static void probe_units(const struct via_root *root, struct via_host *host)
{
	struct via_names names;

	host->kernel.iommu_class = root_entries(root, host->arena, &names, "sys/class/iommu");
	via_for_each (name, &names) {
		struct via_iommu_unit *unit = via_list_add(host->arena, &host->kernel.units);

		unit->name = *name;
		unit->cap =
			root_text(root, host->arena, "sys/class/iommu/%s/intel-iommu/cap", *name);
		if (!fact_is(&unit->cap, VIA_PRESENT))
			unit->cap = root_text(root, host->arena, "sys/class/iommu/%s/amd-iommu/cap",
					      *name);
		unit->ecap =
			root_text(root, host->arena, "sys/class/iommu/%s/intel-iommu/ecap", *name);
	}
}

void probe_iommu(const struct via_root *root, struct via_host *host)
{
	struct via_kernel *kernel = &host->kernel;

	probe_units(root, host);
	kernel->interrupts_remapped = remapped_interrupts(root, host->arena);
	kernel->unsafe_interrupts =
		*kernel_parameter(kernel, "vfio_iommu_type1", "allow_unsafe_interrupts");
	kernel->noiommu = *kernel_parameter(kernel, "vfio", "enable_unsafe_noiommu_mode");
}
