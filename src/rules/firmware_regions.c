/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/firmware_part.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/remapping.h"

enum { CITED = 16 };

/* What was found, from the table or from the kernel's groups. */
struct count {
	size_t held, relaxed, everybody, untold;
	bool let_go;	   /* this kernel gives them away all the same */
	const char *names; /* of those that are held */
};

static void note(struct via_finding *finding, struct count *count, const char *name)
{
	if (count->held++ < CITED)
		count->names = arena_printf(finding->arena, "%s%s%s", count->names,
					    *count->names ? ", " : "", name);
}

static void weigh(struct via_finding *finding, const struct via_remapping *remapping,
		  const struct via_firmware_region *region, const struct via_named_device *named,
		  struct count *count)
{
	bool relaxable = named->device && region_is_relaxable(remapping, named->device);
	const char *name = named->device ? named->device->name : named->path;

	if (named->device && fact_is(&named->device->class_code, VIA_UNKNOWN)) {
		count->untold++;
		finding_cite(finding, &named->device->class_code);
		return;
	}
	count->untold += named->untold;
	if (!named->device || pci_is_bridge(named->device)) {
		finding_cite_value(finding, region->name, "for %s%s", name,
				   named->device   ? ", a bridge"
				   : named->untold ? ", which could not be looked up"
						   : ", which is not there");
		return;
	}
	count->relaxed += relaxable;
	if (!relaxable)
		note(finding, count, name);
	finding_cite_value(finding, region->name, "for %s%s", name,
			   relaxable ? ", which may be given away all the same (USB, graphics)"
			   : count->let_go ? ", which this kernel gives away all the same"
					   : ": the kernel refuses to give it away");
}

static void weigh_table(struct via_finding *finding, const struct via_remapping *remapping,
			struct count *count)
{
	via_for_each (region, &remapping->regions) {
		if (!region->direct) {
			finding_cite_value(finding, region->name,
					   "an exclusion range: no device "
					   "is held by it");
			continue;
		}
		if (region->all) {
			count->everybody++;
			finding_cite_value(finding, region->name, "for every device");
		}
		via_for_each (named, &region->named)
			weigh(finding, remapping, region, named, count);
	}
}

/* "0x… 0x… direct", one region a line; "direct-relaxable" is another word. */
static bool holds_direct(const char *text)
{
	for (const char *at = strstr(text, " direct"); at; at = strstr(at + 1, " direct"))
		if (at[strlen(" direct")] == '\n' || !at[strlen(" direct")])
			return true;
	return false;
}

/* The kernel's own word, which any user may read. Return: how many groups it was read of. */
static size_t weigh_groups(const struct via_host *host, struct via_finding *finding,
			   struct count *count)
{
	size_t told = 0;

	via_for_each (group, &host->pci.groups) {
		count->untold += fact_is(&group->reserved_regions, VIA_UNKNOWN);
		if (!fact_is(&group->reserved_regions, VIA_PRESENT))
			continue;
		told++;
		if (!group->reserved_regions.text || !holds_direct(group->reserved_regions.text))
			continue;
		finding_cite(finding, &group->reserved_regions);
		via_for_each (member, &group->devices)
			if (fact_is(&(*member)->class_code, VIA_UNKNOWN))
				count->untold++;
			else if (!pci_is_bridge(*member))
				note(finding, count, (*member)->name);
	}
	return told;
}

static enum via_verdict nothing_told(const struct via_host *host, struct via_finding *finding)
{
	const struct via_iommu_table *table = host_iommu_table(host);

	finding_cite(finding, fact_is(&table->content.fact, VIA_NOT_ASKED) ? &table->present
									   : &table->content.fact);
	if (fact_is(&table->present, VIA_ABSENT)) {
		finding_detail(finding, "No table, no region.");
		return VIA_SKIP;
	}
	if (table->content.fact.error == EACCES)
		finding_manual(finding, "Run as root: ACPI tables are readable by root only.");
	return VIA_CANNOT_TELL;
}

/*
 * Binding such a device to vfio-pci works, and attaching it fails: nobody is told before.
 */
enum via_verdict firmware_reserved_regions(const struct via_host *host, struct via_finding *finding)
{
	const struct via_remapping *remapping = remapping_new(finding->arena, host);
	bool decoded = host_iommu_table(host)->decoded;
	struct count count = { .names = "", .let_go = !host_direct_refusal(host) };

	if (decoded)
		weigh_table(finding, remapping, &count);
	else if (!weigh_groups(host, finding, &count))
		return nothing_told(host, finding);
	if (count.everybody) {
		finding_detail(finding, "Firmware keeps memory mapped for every device: kernels "
					"from 6.6 on give none of them away.");
		finding_manual(finding, "Update the board's firmware.");
		return VIA_WARN;
	}
	if (count.held && count.let_go && !count.untold) {
		finding_detail(finding,
			       "Firmware goes on using memory through %s: this kernel lets VFIO "
			       "attach %s all the same, kernels from 6.6 on do not.",
			       count.names, count.held == 1 ? "it" : "them");
		return VIA_PASS;
	}
	if (count.held && !count.let_go) {
		finding_detail(finding,
			       "Firmware goes on using memory through %s: the kernel does not let "
			       "VFIO attach %s, though binding to vfio-pci seems to work.",
			       count.names, count.held == 1 ? "it" : "them");
		finding_manual(finding, "Look in the firmware or the maker's tools for what keeps "
					"the region (on HPE servers, shared memory for the slot), "
					"or give away another device. Patches that relax this let "
					"firmware and guest write over each other.");
		return VIA_WARN;
	}
	if (count.untold) {
		finding_cite(finding, &host->pci.bus);
		finding_detail(finding,
			       "Firmware keeps memory for devices that could not be looked "
			       "up.");
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, count.relaxed
					? "Firmware keeps memory for USB controllers or "
					  "graphics alone, and those may be given away."
					: "Firmware keeps no memory for a device that a guest "
					  "could take.");
	return VIA_PASS;
}
