/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

/* As many files as a quick look may read on behalf of one finding. */
enum { GROUPS_MAX = 64 };

void probe_direct_regions(const struct via_root *root, struct via_host *host)
{
	if (host->firmware.dmar.decoded || host->firmware.ivrs.decoded ||
	    host->pci.groups.count > GROUPS_MAX)
		return;
	via_for_each (group, &host->pci.groups)
		if (fact_is(&group->reserved_regions, VIA_NOT_ASKED))
			group->reserved_regions = root_text(
				root, host->arena, "sys/kernel/iommu_groups/%llu/reserved_regions",
				(unsigned long long)group->id);
}
