/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/firmware_part.h"

#include <string.h>

#include <errno.h>

#include "base/cleanup.h"
#include "model/remapping.h"
#include "rules/board.h"

/* Values of one parameter are a list: intel_iommu=on,igfx_off. */
static bool igfx_off(const char *line)
{
	for (const char *at = line ? strstr(line, "intel_iommu=") : NULL; at;
	     at = strstr(at + 1, "intel_iommu=")) {
		const char *end = at + strcspn(at, " "), *found = strstr(at, "igfx_off");

		if (found && found < end)
			return true;
	}
	return false;
}

static const struct via_remapping_unit *graphics_unit(const struct via_remapping *remapping,
						      bool *untold)
{
	const struct via_remapping_unit *found = NULL;

	*untold = false;
	via_for_each (unit, &remapping->units) {
		if (unit->graphics_only)
			found = unit;
		via_for_each (named, &unit->named)
			*untold |= named->untold;
	}
	return found;
}

static enum via_verdict no_graphics_unit(const struct via_host *host, struct via_finding *finding,
					 bool untold)
{
	const struct via_iommu_table *table = host_iommu_table(host);
	bool asked = !fact_is(&table->content.fact, VIA_NOT_ASKED);

	finding_cite(finding, asked ? &table->content.fact : &table->present);
	if (untold)
		finding_cite(finding, &host->pci.bus);
	/* AMD's driver knows no such word. */
	if (untold || (!table->decoded && !fact_is(&table->present, VIA_ABSENT) &&
		       table != &host->firmware.ivrs && !firmware_no_table(host)))
		return VIA_CANNOT_TELL;
	finding_detail(finding, "No unit is for integrated graphics alone.");
	return VIA_SKIP;
}

/*
 * igfx_off leaves out the unit that is for graphics alone. The build option
 * …_DEFAULT_ON_INTGPU_OFF is another thing: it only gives the device an identity domain.
 */
enum via_verdict firmware_graphics_unit(const struct via_host *host, struct via_finding *finding)
{
	const struct via_remapping *remapping = remapping_new(finding->arena, host);
	const struct via_remapping_unit *unit;
	const char *name;
	bool untold;

	unit = graphics_unit(remapping, &untold);
	if (!unit)
		return no_graphics_unit(host, finding, untold);
	name = unit->named.items[0].device->name;
	finding_cite_value(finding, unit->name, "for %s alone", name);
	finding_cite(finding, &host->kernel.command_line);
	if (!fact_is(&host->kernel.command_line, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	if (igfx_off(fact_text(&host->kernel.command_line))) {
		finding_detail(finding,
			       "igfx_off leaves the unit of the integrated graphics (%s) out: "
			       "that device has no IOMMU, and can be neither given away nor split.",
			       name);
		finding_manual(finding, "Take igfx_off off the command line, unless the display "
					"fails without it.");
		return VIA_WARN;
	}
	finding_detail(finding,
		       "Integrated graphics (%s) has a unit of its own, and it is not left out.",
		       name);
	return VIA_PASS;
}

static unsigned long long mebibytes(uint64_t bytes)
{
	return (unsigned long long)(bytes >> 20);
}

/* Whether there may be a card, or a BAR, that was not seen. */
static const struct via_fact *bars_untold(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices)
		if (pci_class_is(device, 0x030000, 0xff0000) &&
		    fact_is(&device->resource, VIA_UNKNOWN))
			return &device->resource;
	return host_untold_class(host);
}

/* A small BAR is slow, not wrong. */
enum via_verdict firmware_resizable_bar(const struct via_host *host, struct via_finding *finding)
{
	const struct via_firmware *firmware = &host->firmware;
	enum via_verdict verdict;
	size_t small = 0;

	if (firmware_no_pci(host, finding, &verdict))
		return verdict;
	if (!fact_is(&firmware->resizable, VIA_PRESENT) && bars_untold(host)) {
		finding_cite(finding, bars_untold(host));
		return VIA_CANNOT_TELL;
	}
	if (fact_is(&firmware->resizable, VIA_NOT_ASKED) ||
	    fact_is(&firmware->resizable, VIA_ABSENT)) {
		finding_detail(finding, "No graphics card here shows a BAR that could be resized.");
		return VIA_SKIP;
	}
	if (!fact_is(&firmware->resizable, VIA_PRESENT)) {
		finding_cite(finding, &firmware->resizable);
		if (firmware->resizable.error != EAGAIN)
			return VIA_CANNOT_TELL;
		finding_detail(finding, "The card sleeps, and is not woken to be asked.");
		return VIA_SKIP;
	}
	via_for_each (bar, &firmware->resizable_bars) {
		char text[PCI_ADDRESS_TEXT];

		small += bar->size < bar->largest;
		address_format(bar->address, text);
		finding_cite_value(finding, arena_strdup(finding->arena, text),
				   "BAR %u is %llu MiB, and could be %llu MiB", bar->index,
				   mebibytes(bar->size), mebibytes(bar->largest));
	}
	finding_cite(finding, &firmware->above_4g);
	if (!small) {
		finding_detail(finding, "BARs of graphics cards are as large as they can be.");
		return VIA_PASS;
	}
	finding_detail(finding, "A graphics card shows less of its memory than it could: "
				"Resizable BAR is off. Guests work, and some run faster with it.");
	finding_setup(finding, host, VIA_SWITCH_REBAR, "Above 4G Decoding must be on with it.");
	return VIA_PASS;
}
