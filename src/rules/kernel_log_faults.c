/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_log_said.h"

#define DMA_FAULTS                                                     \
	(LOG_KIND(VIA_LOG_FAULT_DMA) | LOG_KIND(VIA_LOG_FAULT_TABLE) | \
	 LOG_KIND(VIA_LOG_FAULT_TIMEOUT))

/* The reasons of VT-d, and what they come from. */
static const struct {
	uint64_t reason;
	const char *means;
} vtd_reasons[] = {
	{ 0x01, "nothing is set up for its bus: it did DMA before it was given anything" },
	{ 0x02, "nothing is set up for it: it did DMA before its driver, or after it had gone" },
	{ 0x05, "it wrote where it may not write" },
	{ 0x06, "it read where it may not read" },
	{ 0x0c, "its table entry is damaged" },
};

static const char *meaning(const struct via_log_event *event)
{
	if (event->kind == VIA_LOG_FAULT_TIMEOUT)
		return "it did not answer when its address cache (ATS) was to be emptied, as after "
		       "a reset that failed";
	if (event->kind == VIA_LOG_FAULT_TABLE)
		return "the IOMMU finds its own tables or commands wrong";
	if (event->text && event->has_number)
		for (size_t i = 0; i < VIA_COUNT(vtd_reasons); i++)
			if (vtd_reasons[i].reason == event->number)
				return vtd_reasons[i].means;
	return "it used an address that nobody had given it";
}

static size_t suppressed(const struct via_host *host)
{
	size_t count = 0;

	via_for_each (event, &host->log.log.events)
		if (event->kind == VIA_LOG_FAULT_SUPPRESSED && event->number < 1ULL << 32)
			count += event->number;
	return count;
}

static enum via_verdict dma_faults(const struct via_host *host, struct via_finding *finding)
{
	const struct via_log_event *first;
	struct log_said said;
	size_t hidden = suppressed(host);

	log_gather(host, finding->arena, DMA_FAULTS, NULL, &said);
	if (!said.count)
		return log_silent(host, finding, "The IOMMU stopped no access.");
	log_cite(host, finding, &said);
	first = said.voices.items[0].first;
	finding_detail(
		finding, "The IOMMU stopped %zu access%s%s: %s. The first: %s.", said.count,
		said.count == 1 ? "" : "es",
		hidden ? arena_printf(finding->arena, " (and %zu that were not printed)", hidden)
		       : "",
		log_devices(finding->arena, &said), meaning(first));
	if (first->kind == VIA_LOG_FAULT_TIMEOUT)
		finding_manual(finding,
			       "Start the machine cold; if it comes back, boot with pci=noats and "
			       "look at how the device is reset.");
	else
		finding_manual(finding,
			       "While a guest owns the device: look at the guest's driver and at "
			       "reserved regions. On the host: update the device's driver and "
			       "firmware; a device that firmware left running (USB, graphics, "
			       "management controllers) stops when its driver takes it.");
	return VIA_WARN;
}

static enum via_verdict interrupt_faults(const struct via_host *host, struct via_finding *finding)
{
	struct log_said said;

	log_gather(host, finding->arena, LOG_KIND(VIA_LOG_FAULT_INTERRUPT), NULL, &said);
	if (!said.count)
		return log_silent(host, finding, "No interrupt was stopped.");
	log_cite(host, finding, &said);
	finding_detail(finding, "Interrupt remapping stopped %zu interrupt%s: %s.", said.count,
		       said.count == 1 ? "" : "s", log_devices(finding->arena, &said));
	finding_manual(finding,
		       "A device that sends interrupts past its driver (reason 0x25) is one that "
		       "firmware or a management controller set up: update both. If devices of a "
		       "guest are silent, give the guest MSI rather than the line interrupt.");
	return VIA_WARN;
}

static enum via_verdict iommu_bugs(const struct via_host *host, struct via_finding *finding)
{
	const char *board = host_board(host, finding->arena);
	struct log_said said;

	log_gather(host, finding->arena, LOG_KIND(VIA_LOG_FIRMWARE_BUG), NULL, &said);
	if (!said.count)
		return log_silent(host, finding, "The kernel found no fault in them.");
	log_cite(host, finding, &said);
	finding_detail(finding, "The kernel says so %zu time%s, first: %s", said.count,
		       said.count == 1 ? "" : "s", said.voices.items[0].first->text);
	finding_manual(finding, "Update the firmware%s%s, and quote the line to its maker.",
		       *board ? " of " : "", board);
	return VIA_WARN;
}

static const struct via_rule firmware_table[] = {
	{
		.id = "firmware.iommu-bugs",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "The kernel takes the firmware's IOMMU tables as they are",
		.source = "drivers/iommu/intel/dmar.c, drivers/iommu/amd/init.c (FW_BUG)",
		.eval = iommu_bugs,
	},
};

const struct via_rule_table log_firmware_rules = { firmware_table, VIA_COUNT(firmware_table) };

static const struct via_rule fault_table[] = {
	{
		.id = "kernel.dma-faults",
		.layer = VIA_LAYER_KERNEL,
		.title = "No device used memory that is not its own",
		.source = "drivers/iommu/intel/dmar.c, drivers/iommu/amd/iommu.c",
		.eval = dma_faults,
	},
	{
		.id = "kernel.interrupt-faults",
		.layer = VIA_LAYER_KERNEL,
		.title = "No interrupt was stopped by remapping",
		.source = "drivers/iommu/intel/dmar.c (dmar_fault_do_one)",
		.eval = interrupt_faults,
	},
};

const struct via_rule_table log_fault_rules = { fault_table, VIA_COUNT(fault_table) };
