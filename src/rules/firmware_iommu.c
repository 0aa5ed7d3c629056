/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/firmware_part.h"

#include <errno.h>

#include "base/cleanup.h"
#include "model/remapping.h"
#include "rules/board.h"

enum { CITED_UNITS = 16 };

bool firmware_no_table(const struct via_host *host)
{
	return host_is_no_x86(host) && !fact_is(&host->firmware.dmar.present, VIA_PRESENT) &&
	       !fact_is(&host->firmware.ivrs.present, VIA_PRESENT);
}

static enum via_verdict table_missing(const struct via_host *host, struct via_finding *finding)
{
	const char *board = host_board(host, finding->arena);

	if (host_is_guest(host)) {
		finding_detail(finding, "This is a guest, and its virtual machine has no IOMMU.");
		finding_manual(finding, "On the machine below, give this guest a virtual IOMMU "
					"(QEMU: -machine q35,kernel-irqchip=split -device "
					"intel-iommu,intremap=on,caching-mode=on).");
		return VIA_FAIL;
	}
	finding_detail(finding,
		       "Firmware describes no IOMMU to the kernel: %s is off or not "
		       "supported.%s%s",
		       host_iommu_word(host), *board ? " Board: " : "", board);
	finding_setup(finding, host, VIA_SWITCH_IOMMU,
		      "Auto may mean off. No kernel parameter can replace it.");
	return VIA_FAIL;
}

/* By a device tree, or by a table that this source does not hold: firmware told the kernel. */
static enum via_verdict driven_all_the_same(const struct via_host *host,
					    struct via_finding *finding)
{
	bool unread = fact_is(&host->firmware.dmar.present, VIA_UNKNOWN) ||
		      fact_is(&host->firmware.ivrs.present, VIA_UNKNOWN);

	finding_cite(finding, &host->kernel.iommu_class);
	finding_detail(finding,
		       "%s, but the kernel drives %llu unit%s of an IOMMU: firmware has it on.",
		       unread ? "No ACPI table could be looked for" : "No ACPI table is here",
		       (unsigned long long)host->kernel.iommu_class.number,
		       host->kernel.iommu_class.number == 1 ? "" : "s");
	return VIA_PASS;
}

static enum via_verdict described_by_iort(const struct via_host *host, struct via_finding *finding)
{
	const struct via_iort_table *table = &host->firmware.iort;

	finding_cite(finding, &table->present);
	finding_cite(finding, &table->content.fact);
	if (table->decoded && table->nodes.smmus) {
		finding_detail(finding, "An IORT table describes the Arm kind of it: %zu SMMU%s.",
			       table->nodes.smmus, table->nodes.smmus == 1 ? "" : "s");
		return VIA_PASS;
	}
	if (fact_number(&host->kernel.iommu_class, 0)) {
		finding_cite(finding, &host->kernel.iommu_class);
		finding_detail(finding, "An IORT table is here, and the kernel drives an SMMU.");
		return VIA_PASS;
	}
	if (table->decoded) {
		finding_detail(finding,
			       "The IORT table describes interrupts and no SMMU: it is off "
			       "in firmware, or this machine has none.");
		finding_manual(finding,
			       "Look for SMMU in the setup menu, and update the firmware.");
		return VIA_FAIL;
	}
	finding_detail(finding, fact_is(&table->content.fact, VIA_PRESENT)
					? "The IORT table is damaged."
					: "Whether the IORT table describes an SMMU was not read.");
	finding_manual(finding, fact_is(&table->content.fact, VIA_PRESENT)
					? "Update the board's firmware."
					: "Run as root: ACPI tables are readable by root only.");
	return VIA_CANNOT_TELL;
}

enum via_verdict firmware_iommu_table(const struct via_host *host, struct via_finding *finding)
{
	const struct via_firmware *firmware = &host->firmware;

	finding_cite(finding, &firmware->dmar.present);
	finding_cite(finding, &firmware->ivrs.present);
	if (fact_is(&firmware->dmar.present, VIA_PRESENT) ||
	    fact_is(&firmware->ivrs.present, VIA_PRESENT)) {
		finding_detail(finding, "%s is on in firmware: an ACPI %s table describes it.",
			       host_iommu_word(host),
			       host_iommu_table(host) == &firmware->ivrs ? "IVRS" : "DMAR");
		return VIA_PASS;
	}
	if (fact_is(&firmware->viot, VIA_PRESENT)) {
		finding_cite(finding, &firmware->viot);
		finding_detail(finding, "A VIOT table describes a virtual IOMMU (virtio-iommu).");
		return VIA_PASS;
	}
	if (fact_is(&firmware->iort.present, VIA_PRESENT))
		return described_by_iort(host, finding);
	if (fact_number(&host->kernel.iommu_class, 0))
		return driven_all_the_same(host, finding);
	if (fact_is(&firmware->dmar.present, VIA_ABSENT) &&
	    fact_is(&firmware->ivrs.present, VIA_ABSENT))
		return table_missing(host, finding);
	finding_manual(finding, "Look at sys/firmware/acpi/tables: this source does not hold it.");
	return VIA_CANNOT_TELL;
}

/* "00:02.0 (0000:00:02.0), 00:1c.0 and below" */
static const char *members(const struct via_remapping_unit *unit, struct via_arena *arena)
{
	const char *text = "";

	via_for_each (named, &unit->named)
		text = arena_printf(arena, "%s%s%s%s%s", text, *text ? ", " : "",
				    named->device ? named->device->name : named->path,
				    named->below ? " and all below" : "",
				    named->device   ? ""
				    : named->untold ? " (could not be looked up)"
						    : " (not there)");
	return text;
}

static void cite_units(struct via_finding *finding, const struct via_remapping *remapping)
{
	size_t cited = 0;

	via_for_each (unit, &remapping->units) {
		const char *named = members(unit, finding->arena);

		if (cited++ == CITED_UNITS) {
			finding_cite_value(finding, "more units", "%zu",
					   remapping->units.count - CITED_UNITS);
			break;
		}
		finding_cite_value(finding, unit->name, "segment %04x: %s%s%s", unit->segment,
				   named, *named && unit->all ? ", " : "",
				   unit->all		 ? "every other device"
				   : unit->block	 ? "the devices of its entries"
				   : unit->graphics_only ? " (graphics only)"
				   : unit_is_empty(unit) ? " (nothing of it is there)"
							 : "");
	}
}

static size_t senseless(struct via_finding *finding, const struct via_remapping *remapping)
{
	size_t count = 0;

	via_for_each (unit, &remapping->units) {
		if (unit->base && unit->base != UINT64_MAX)
			continue;
		count++;
		finding_cite_value(finding, unit->name, "is no address of registers");
	}
	via_for_each (region, &remapping->regions) {
		if (!region->broken)
			continue;
		count++;
		finding_cite_value(finding, region->name, "is not of whole pages");
	}
	return count;
}

static void say_what_is_there(const struct via_host *host, struct via_finding *finding,
			      const struct via_iommu_table *table)
{
	finding_detail(finding,
		       "IOMMU, VT-d and AMD-Vi name one thing: here %s with %zu "
		       "unit%s and %zu reserved region%s.%s",
		       host_iommu_word(host), table->units, table->units == 1 ? "" : "s",
		       table->reserved_regions, table->reserved_regions == 1 ? "" : "s",
		       table->platform_opt_in ? " Firmware asks for protection from external ports "
						"(opt-in), which switches the IOMMU on where there "
						"are such."
					      : "");
}

static enum via_verdict judge_table(const struct via_host *host, struct via_finding *finding,
				    const struct via_iommu_table *table)
{
	const struct via_remapping *remapping = remapping_new(finding->arena, host);

	finding_cite_value(finding, "remapping units", "%zu", table->units);
	finding_cite_value(finding, "reserved regions", "%zu", table->reserved_regions);
	if (!table->units) {
		finding_detail(finding, "The table describes no remapping unit: the kernel will "
					"ignore it.");
		finding_manual(finding, "Update the board's firmware.");
		return VIA_FAIL;
	}
	cite_units(finding, remapping);
	if (remapping->ats_ports || remapping->ats_all)
		finding_cite_value(finding, "ATSR", "%s%zu root port%s",
				   remapping->ats_all ? "all ports, " : "", remapping->ats_ports,
				   remapping->ats_ports == 1 ? "" : "s");
	if (senseless(finding, remapping)) {
		finding_detail(finding, "The table says what cannot be; the kernel reports a "
					"firmware bug and may leave the IOMMU off.");
		finding_manual(finding, "Update the board's firmware.");
		return VIA_WARN;
	}
	say_what_is_there(host, finding, table);
	return VIA_PASS;
}

/* The memo's row "IOMMU": three names, one thing, and what its table says. */
enum via_verdict firmware_iommu_described(const struct via_host *host, struct via_finding *finding)
{
	const struct via_iommu_table *table = host_iommu_table(host);
	bool asked = !fact_is(&table->content.fact, VIA_NOT_ASKED);

	finding_cite(finding, asked ? &table->content.fact : &table->present);
	if (fact_is(&table->present, VIA_ABSENT) || firmware_no_table(host)) {
		finding_detail(finding, "IOMMU, VT-d (Intel) and AMD-Vi (AMD) are names of one "
					"thing; firmware.iommu-table says what there is here.");
		return VIA_SKIP;
	}
	if (!fact_is(&table->content.fact, VIA_PRESENT)) {
		if (table->content.fact.error == EACCES)
			finding_manual(finding, "Run as root: ACPI tables are readable by root "
						"only.");
		return VIA_CANNOT_TELL;
	}
	if (table->decoded)
		return judge_table(host, finding, table);
	finding_detail(finding, "The %s table is damaged.", host_iommu_word(host));
	finding_manual(finding, "Update the board's firmware.");
	return VIA_WARN;
}

static void cite_flags(struct via_finding *finding, const struct via_iommu_table *table)
{
	finding_cite_value(finding, "DMAR flags", "%s%s%s",
			   table->interrupt_remapping ? "intr_remap " : "",
			   table->x2apic_opt_out ? "x2apic_opt_out " : "",
			   table->platform_opt_in ? "platform_opt_in" : "");
}

/* What IVRS says of IOAPICs: the one at 00:14.0 is the southbridge's. */
struct ioapics {
	size_t count;
	bool southbridge;
};

enum { SOUTHBRIDGE_IOAPIC = 0x00a0 };

static struct ioapics find_ioapics(struct via_finding *finding, const struct via_ivrs *ivrs)
{
	struct ioapics found = { 0 };

	via_for_each (block, &ivrs->blocks)
		via_for_each (entry, &block->entries) {
			if (entry->type != VIA_IVRS_SPECIAL || entry->variety != VIA_IVRS_IOAPIC ||
			    entry->trouble)
				continue;
			found.count++;
			found.southbridge |= entry->used_id == SOUTHBRIDGE_IOAPIC;
			finding_cite_value(finding,
					   arena_printf(finding->arena, "IOAPIC %u", entry->handle),
					   "%02x:%02x.%x", entry->used_id >> 8,
					   entry->used_id >> 3 & 0x1f, entry->used_id & 7);
		}
	return found;
}

/* Source: check_ioapic_information() in drivers/iommu/amd/init.c */
static enum via_verdict remapping_by_ivrs(const struct via_host *host, struct via_finding *finding)
{
	const struct via_iommu_table *table = &host->firmware.ivrs;
	struct ioapics found;

	finding_cite(finding, &table->content.fact);
	if (!table->decoded)
		return VIA_CANNOT_TELL;
	found = find_ioapics(finding, &table->ivrs);
	if (found.southbridge) {
		finding_detail(finding,
			       "Firmware names the IOAPIC%s to AMD-Vi, the southbridge's "
			       "among them: interrupts can be remapped.",
			       found.count == 1 ? "" : "s");
		return VIA_PASS;
	}
	finding_detail(finding,
		       found.count
			       ? "IVRS names no IOAPIC of the southbridge (00:14.0): the kernel "
				 "switches interrupt remapping off, and VFIO will refuse devices."
			       : "IVRS names no IOAPIC: the kernel switches interrupt remapping "
				 "off, and VFIO will refuse devices.");
	finding_manual(finding, "Update the board's firmware; ivrs_ioapic= can stand in for the "
				"entry that is missing.");
	return VIA_FAIL;
}

enum via_verdict firmware_interrupt_remapping(const struct via_host *host,
					      struct via_finding *finding)
{
	const struct via_iommu_table *table = &host->firmware.dmar;

	if (fact_is(&host->firmware.ivrs.present, VIA_PRESENT))
		return remapping_by_ivrs(host, finding);
	if (!fact_is(&table->present, VIA_PRESENT)) {
		finding_cite(finding, &table->present);
		if (fact_is(&table->present, VIA_UNKNOWN) && !firmware_no_table(host))
			return VIA_CANNOT_TELL;
		finding_detail(finding, "There is no table that tells: neither DMAR nor IVRS.");
		return VIA_SKIP;
	}
	finding_cite(finding, &table->content.fact);
	if (!table->decoded)
		return VIA_CANNOT_TELL;
	cite_flags(finding, table);
	if (!table->interrupt_remapping) {
		finding_detail(finding, "Firmware does not offer interrupt remapping; VFIO will "
					"refuse devices.");
		finding_setup(finding, host, VIA_SWITCH_INTERRUPTS, "Or update the firmware.");
		return VIA_FAIL;
	}
	finding_detail(finding, "Firmware offers interrupt remapping%s",
		       table->x2apic_opt_out
			       ? ", but asks the kernel not to use x2APIC: interrupts reach no "
				 "more than 255 processors, which matters on the largest hosts "
				 "alone."
			       : ".");
	return VIA_PASS;
}
