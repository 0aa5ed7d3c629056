/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"

/* Ways around protection: VFIO without an IOMMU, and interrupts that nobody checks. */

static size_t groups_without_iommu(const struct via_host *host)
{
	size_t count = 0;

	via_for_each (group, &host->pci.groups)
		count += fact_is(&group->name, VIA_PRESENT) && !pci_group_isolates(group);
	return count;
}

static enum via_verdict noiommu(const struct via_host *host, struct via_finding *finding)
{
	const struct via_fact *mode = &host->kernel.noiommu;
	size_t groups = groups_without_iommu(host);

	finding_cite(finding, mode);
	finding_cite(finding, &host->kernel.options[VIA_OPTION_VFIO_NOIOMMU]);
	if (groups || says_yes(mode)) {
		finding_cite_value(finding, "groups named vfio-noiommu", "%zu", groups);
		finding_detail(finding, "VFIO hands out devices without an IOMMU: each can write "
					"all memory of the host, the kernel is tainted, and no "
					"virtual machine can use them.");
		finding_manual(finding, "Write N to /sys/module/vfio/parameters/"
					"enable_unsafe_noiommu_mode, take vfio.enable_unsafe_"
					"noiommu_mode off the command line and out of modprobe.d, "
					"and switch an IOMMU on instead.");
		return VIA_WARN;
	}
	if (fact_is(mode, VIA_UNKNOWN) && mode->error != ENODATA)
		return VIA_CANNOT_TELL;
	/* Without the option the parameter is not even there. */
	if (!fact_is(mode, VIA_PRESENT) && !fact_is(mode, VIA_ABSENT) &&
	    !kernel_option_is(&host->kernel, VIA_OPTION_VFIO_NOIOMMU, "n"))
		return VIA_CANNOT_TELL;
	finding_detail(finding, "VFIO hands out no device without an IOMMU.");
	return VIA_PASS;
}

static enum via_verdict unsafe_interrupts(const struct via_host *host, struct via_finding *finding)
{
	const struct via_fact *type1 = &host->kernel.unsafe_interrupts;
	const struct via_fact *iommufd =
		kernel_parameter(&host->kernel, "iommufd", "allow_unsafe_interrupts");
	bool one = says_yes(type1), other = says_yes(iommufd);

	finding_cite(finding, type1);
	finding_cite(finding, iommufd);
	if (one || other) {
		finding_detail(finding,
			       "%s devices whose interrupts nobody checks%s: a guest can "
			       "forge interrupts of the host.",
			       one && other ? "VFIO's containers and iommufd accept"
			       : one	    ? "VFIO's containers accept"
					    : "iommufd accepts",
			       one && other ? ""
			       : one	    ? " (iommufd has a switch of its own, which is off)"
					    : " (VFIO's containers have a switch of their own, "
					      "which is off)");
		finding_manual(finding, "Take allow_unsafe_interrupts off the command line and out "
					"of modprobe.d; it is only needed without interrupt "
					"remapping, and then only for guests you trust.");
		return VIA_WARN;
	}
	if (fact_is(type1, VIA_UNKNOWN) || fact_is(iommufd, VIA_UNKNOWN) ||
	    fact_is(type1, VIA_NOT_ASKED))
		return VIA_CANNOT_TELL;
	finding_detail(finding, "Neither VFIO's containers nor iommufd accept unsafe interrupts.");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "iommu.noiommu",
		.layer = VIA_LAYER_KERNEL,
		.title = "VFIO keeps to devices behind an IOMMU",
		.source = "drivers/vfio/group.c, vfio_noiommu_group_alloc",
		.eval = noiommu,
	},
	{
		.id = "iommu.unsafe-interrupts",
		.layer = VIA_LAYER_KERNEL,
		.title = "Unsafe interrupts are not accepted",
		.source = "drivers/vfio/vfio_iommu_type1.c; drivers/iommu/iommufd/device.c",
		.eval = unsafe_interrupts,
	},
};

const struct via_rule_table kernel_unsafe_rules = { rules, VIA_COUNT(rules) };
