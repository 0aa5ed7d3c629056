/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "rules/kernel_log_said.h"

static int by_address(const void *left, const void *right)
{
	const struct via_pci_address *address = left;
	const struct via_log_group *group = right;

	if (!group->has_address)
		return -1; /* those stand behind all addresses */
	return address_compare(*address, group->address);
}

/* Functions whose group is another than the log says; @ret is the first. */
static size_t other_groups(const struct via_host *host, const struct via_pci_device **ret,
			   const struct via_log_group **ret_group)
{
	size_t count = 0;

	via_for_each (device, &host->pci.devices) {
		const struct via_log_group *group =
			host->log.groups.list.count
				? bsearch(&device->address, host->log.groups.list.items,
					  host->log.groups.list.count,
					  sizeof(*host->log.groups.list.items), by_address)
				: NULL;

		if (!group || !fact_is(&device->group, VIA_PRESENT) ||
		    device->group.number == group->group)
			continue;
		if (!count++) {
			*ret = device;
			*ret_group = group;
		}
	}
	return count;
}

static bool is_other_kernel(const struct via_host *host)
{
	const struct via_log_event *version = log_last(&host->log, VIA_LOG_VERSION);
	const char *release = fact_text(&host->kernel_release);

	return version && version->word && release && strcmp(version->word, release) != 0;
}

static void advise_one_boot(struct via_finding *finding)
{
	finding_manual(finding, "Judge by the log of this boot (journalctl -k -b): viaduct "
				"snapshot takes it together with the files.");
}

static enum via_verdict say_other(const struct via_host *host, struct via_finding *finding,
				  const struct via_fact *fact, enum via_log_kind kind,
				  const char *detail)
{
	if (fact)
		finding_cite(finding, fact);
	log_cite_last(host, finding, kind);
	finding_detail(finding, "%s", detail);
	advise_one_boot(finding);
	return VIA_WARN;
}

static bool is_told(const struct via_fact *fact)
{
	return fact_is(fact, VIA_PRESENT) || fact_is(fact, VIA_ABSENT);
}

/* A log by itself, as people post it: it names devices and groups, and no driver. */
static bool is_alone(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices)
		if (is_told(&device->driver))
			return false;
	return !is_told(&host->kernel.iommu_class) && !is_told(&host->kernel.kvm_create_vm) &&
	       !is_told(&host->kernel.interrupts_remapped);
}

static enum via_verdict state_differs(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;

	if (log_last(&host->log, VIA_LOG_IOMMU_UP) &&
	    (fact_is(&kernel->iommu_class, VIA_ABSENT) ||
	     (fact_is(&kernel->iommu_class, VIA_PRESENT) && !kernel->iommu_class.number)))
		return say_other(host, finding, &kernel->iommu_class, VIA_LOG_IOMMU_UP,
				 "The log says that an IOMMU is driven, and sysfs shows none.");
	if (log_last(&host->log, VIA_LOG_REMAPPING_ON) &&
	    fact_is(&kernel->interrupts_remapped, VIA_PRESENT) &&
	    !kernel->interrupts_remapped.number)
		return say_other(
			host, finding, &kernel->interrupts_remapped, VIA_LOG_REMAPPING_ON,
			"The log says that interrupts are remapped, and no controller is.");
	if (fact_is(&host->log.kvm_disabled_by_firmware, VIA_PRESENT) &&
	    fact_is(&kernel->kvm_create_vm, VIA_PRESENT))
		return say_other(host, finding, &kernel->kvm_create_vm, VIA_LOG_KVM_DISABLED,
				 "The log says that firmware keeps KVM off, and KVM works.");
	finding_detail(finding, "Nothing it says is other than what the files show.");
	return VIA_PASS;
}

enum via_verdict log_agrees(const struct via_host *host, struct via_finding *finding)
{
	const struct via_pci_device *device = NULL;
	const struct via_log_group *group = NULL;
	size_t other;

	if (!fact_is(&host->log.fact, VIA_PRESENT))
		return log_silent(host, finding, "");
	if (is_other_kernel(host)) {
		finding_cite(finding, &host->kernel_release);
		return say_other(host, finding, NULL, VIA_LOG_VERSION,
				 "The log is of another kernel: whatever rests on it is about an "
				 "earlier boot.");
	}
	if (is_alone(host)) {
		finding_detail(finding, "This source holds nothing to compare it with.");
		return VIA_SKIP;
	}
	other = other_groups(host, &device, &group);
	if (!other)
		return state_differs(host, finding);
	finding_cite(finding, &device->group);
	finding_cite_value(finding, host->log.fact.path, "%s: group %llu", group->device,
			   (unsigned long long)group->group);
	finding_detail(finding,
		       "%zu devices are in other groups than the log says, first %s: the "
		       "log is of another boot, or misses lines.",
		       other, device->name);
	advise_one_boot(finding);
	return VIA_WARN;
}
