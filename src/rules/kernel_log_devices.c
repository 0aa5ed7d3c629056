/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "rules/kernel_log_said.h"

#define RESET_TROUBLE                                                         \
	(LOG_KIND(VIA_LOG_RESET_FAILED) | LOG_KIND(VIA_LOG_RESET_RECOVERED) | \
	 LOG_KIND(VIA_LOG_POWER_STUCK))
#define VFIO_TROUBLE                                                                             \
	(LOG_KIND(VIA_LOG_VFIO_REFUSED) | LOG_KIND(VIA_LOG_VFIO_REMAPPING) |                     \
	 LOG_KIND(VIA_LOG_VFIO_UNSAFE) | LOG_KIND(VIA_LOG_MEMLOCK) | LOG_KIND(VIA_LOG_ROM_BAD) | \
	 LOG_KIND(VIA_LOG_RELEASE_WAITS) | LOG_KIND(VIA_LOG_PROBE_FAILED) |                      \
	 LOG_KIND(VIA_LOG_GROUP_FAILED))

static enum via_verdict reserved_mapping(const struct via_host *host, struct via_finding *finding)
{
	struct log_said said;

	log_gather(host, finding->arena, LOG_KIND(VIA_LOG_RESERVED_DEVICE), NULL, &said);
	if (!said.count)
		return log_silent(host, finding, "The kernel refused no device for it.");
	log_cite(host, finding, &said);
	finding_detail(finding,
		       "The kernel refused to give away %s: firmware goes on using memory through "
		       "it (RMRR, or a unity mapping of IVRS).",
		       log_devices(finding->arena, &said));
	finding_manual(finding, "Look in the setup menu for what shares that memory (on servers: "
				"health data of adapters, per slot), update the firmware, or take "
				"another device or slot. Patches that ignore the region let the "
				"firmware write over the guest.");
	return VIA_WARN;
}

/* Who drew on what firmware set up, as the log has it. */
static const char *framebuffer_owner(const struct via_host *host)
{
	const struct via_log_event *event = log_last(&host->log, VIA_LOG_FRAMEBUFFER);

	return event ? event->word : NULL;
}

static enum via_verdict bar_busy(const struct via_host *host, struct via_finding *finding)
{
	const char *owner = framebuffer_owner(host);
	struct log_said said;

	log_gather(host, finding->arena, LOG_KIND(VIA_LOG_BAR_BUSY), NULL, &said);
	if (!said.count)
		return log_silent(host, finding,
				  "No driver found the addresses of its device taken.");
	log_cite(host, finding, &said);
	finding_detail(finding, "The addresses of %s were somebody else's%s%s.",
		       log_devices(finding->arena, &said),
		       owner ? "; the boot's picture was drawn by " : "", owner ? owner : "");
	finding_manual(finding,
		       "See in /proc/iomem who has them. Of a graphics card it is the "
		       "boot's framebuffer: from Linux 6.0 vfio-pci takes it away by "
		       "itself; before, boot with initcall_blacklist=sysfb_init, or let the "
		       "card's own driver take the console and unbind that.");
	return VIA_WARN;
}

static const char *reset_meaning(const struct via_log_event *event)
{
	switch (event->kind) {
	case VIA_LOG_POWER_STUCK:
		return "it did not wake up and is gone from the bus";
	case VIA_LOG_RESET_RECOVERED:
		return "something reset it behind its driver's back";
	default:
		return "it did not come back from a reset";
	}
}

static enum via_verdict resets(const struct via_host *host, struct via_finding *finding)
{
	struct log_said said;

	log_gather(host, finding->arena, RESET_TROUBLE, NULL, &said);
	if (!said.count)
		return log_silent(host, finding, "No device failed to come back from a reset.");
	log_cite(host, finding, &said);
	finding_detail(finding, "%s: %s.", log_devices(finding->arena, &said),
		       reset_meaning(said.voices.items[0].first));
	finding_manual(finding,
		       "Start the machine cold. Then keep the device awake (power/control "
		       "on, d3cold_allowed 0, vfio-pci.disable_idle_d3=1) and see in "
		       "reset_method which resets it has; some AMD graphics cards need the "
		       "module vendor-reset.");
	return VIA_WARN;
}

/* Three different things keep virtual functions away. */
static enum via_verdict sriov_failures(const struct via_host *host, struct via_finding *finding)
{
	struct log_said memory, bars, buses, driver;
	const char *detail = "";

	log_gather(host, finding->arena, LOG_KIND(VIA_LOG_SRIOV_NO_MEMORY), NULL, &memory);
	log_lacking(host, finding->arena, true, &bars);
	log_gather(host, finding->arena, LOG_KIND(VIA_LOG_SRIOV_NO_BUSES), NULL, &buses);
	log_gather(host, finding->arena, LOG_KIND(VIA_LOG_SRIOV_DRIVER), NULL, &driver);
	if (!memory.count)
		memory = bars;
	if (!memory.count && !buses.count && !driver.count)
		return log_silent(host, finding, "Nothing kept virtual functions away.");
	log_cite(host, finding, &memory);
	log_cite(host, finding, &buses);
	log_cite(host, finding, &driver);
	if (driver.count) {
		detail = arena_printf(finding->arena, "The driver refused: %s. ",
				      log_devices(finding->arena, &driver));
		finding_manual(finding, "Bind the physical function to its own driver, and write 0 "
					"to sriov_numvfs before another number.");
	}
	if (buses.count) {
		detail = arena_printf(finding->arena, "%sBus numbers ran out: %s. ", detail,
				      log_devices(finding->arena, &buses));
		finding_manual(finding, "Switch on ARI in the setup menu, ask for fewer virtual "
					"functions, or boot with pci=assign-busses.");
	}
	if (memory.count) {
		detail = arena_printf(finding->arena, "%sThere was no room for their BARs: %s. ",
				      detail, log_devices(finding->arena, &memory));
		finding_manual(finding,
			       "Switch on Above 4G Decoding and SR-IOV Support in the setup "
			       "menu, or boot with pci=realloc.");
	}
	finding_detail(finding, "%.*s", (int)strlen(detail) - 1, detail);
	return VIA_WARN;
}

static enum via_verdict bar_space(const struct via_host *host, struct via_finding *finding)
{
	struct log_said said;

	log_lacking(host, finding->arena, false, &said);
	if (!said.count)
		return log_silent(host, finding, "Every BAR found its room.");
	log_cite(host, finding, &said);
	finding_detail(finding,
		       "BARs got no addresses: %s. A device without them does not work, "
		       "here or in a guest.",
		       log_devices(finding->arena, &said));
	finding_manual(finding,
		       "Switch on Above 4G Decoding in the setup menu, switch Resizable BAR "
		       "off, or boot with pci=realloc.");
	return VIA_WARN;
}

static bool is_uncorrected(const struct via_log_event *event)
{
	return event->word && !text_starts(event->word, "Correct");
}

static enum via_verdict bus_errors(const struct via_host *host, struct via_finding *finding)
{
	struct log_said said, all;

	log_gather(host, finding->arena, LOG_KIND(VIA_LOG_BUS_ERROR), NULL, &all);
	log_gather(host, finding->arena, LOG_KIND(VIA_LOG_BUS_ERROR), is_uncorrected, &said);
	if (!all.count)
		return log_silent(host, finding, "No error of a link was reported.");
	if (!said.count) {
		log_cite(host, finding, &all);
		finding_detail(finding, "%zu errors, all corrected by the hardware: %s.", all.count,
			       log_devices(finding->arena, &all));
		return VIA_PASS;
	}
	log_cite(host, finding, &said);
	finding_detail(finding, "%zu errors of links were not corrected: %s.", said.count,
		       log_devices(finding->arena, &said));
	finding_manual(finding, "Seat the card anew, do without a riser, try a lower link speed in "
				"the setup menu, or boot with pcie_aspm=off.");
	return VIA_WARN;
}

/* Drivers that fail for reasons of their own are nobody's business here. */
static bool is_vfio_trouble(const struct via_log_event *event)
{
	if (event->kind != VIA_LOG_PROBE_FAILED)
		return true;
	return event->number == EBUSY || (event->word && strstr(event->word, "vfio"));
}

static const char *vfio_meaning(const struct via_log_event *event)
{
	switch (event->kind) {
	case VIA_LOG_VFIO_REMAPPING:
		return "without interrupt remapping VFIO takes no device";
	case VIA_LOG_VFIO_UNSAFE:
		return "it was given away without the protection of an IOMMU or of interrupt "
		       "remapping";
	case VIA_LOG_MEMLOCK:
		return "the memory lock limit is smaller than the guest's memory";
	case VIA_LOG_ROM_BAD:
		return "its ROM cannot be read: firmware's copy is in the way, or it sleeps";
	case VIA_LOG_RELEASE_WAITS:
		return "a driver's unbinding waits for the guest to let go";
	case VIA_LOG_GROUP_FAILED:
		return "the kernel could not put it in a group";
	case VIA_LOG_PROBE_FAILED:
		return event->number == EBUSY
			       ? "somebody else has the device or its group"
			       : "vfio-pci would not take it: no group, a bridge, or on its list";
	default:
		return "VFIO refused it";
	}
}

static enum via_verdict vfio_refusals(const struct via_host *host, struct via_finding *finding)
{
	struct log_said said;

	log_gather(host, finding->arena, VFIO_TROUBLE, is_vfio_trouble, &said);
	if (!said.count)
		return log_silent(host, finding, "VFIO refused nothing.");
	log_cite(host, finding, &said);
	finding_detail(finding, "%s: %s.", log_devices(finding->arena, &said),
		       vfio_meaning(said.voices.items[0].first));
	finding_manual(finding,
		       "viaduct show DEVICE tells what keeps it now. Raise memlock for the "
		       "user that starts guests, give a graphics card its ROM as a file, and "
		       "stop the guest before its device is unbound.");
	return VIA_WARN;
}

static const struct via_rule table[] = {
	{
		.id = "devices.reserved-mapping",
		.layer = VIA_LAYER_DEVICES,
		.title = "No device was refused because firmware keeps it",
		.source = "drivers/iommu/iommu.c, drivers/iommu/intel/iommu.c",
		.eval = reserved_mapping,
	},
	{
		.id = "devices.bar-busy",
		.layer = VIA_LAYER_DEVICES,
		.title = "No device's addresses were taken by another",
		.source = "drivers/pci/pci.c (pci_request_region)",
		.eval = bar_busy,
	},
	{
		.id = "devices.bar-space",
		.layer = VIA_LAYER_DEVICES,
		.title = "Every device found room for its memory",
		.source = "drivers/pci/setup-res.c",
		.eval = bar_space,
	},
	{
		.id = "devices.sriov-failures",
		.layer = VIA_LAYER_DEVICES,
		.title = "Nothing kept virtual functions away",
		.source = "drivers/pci/iov.c",
		.eval = sriov_failures,
	},
	{
		.id = "devices.resets",
		.layer = VIA_LAYER_DEVICES,
		.title = "Devices came back from resets and from sleep",
		.source = "drivers/pci/pci.c (pci_dev_wait), drivers/vfio/pci/vfio_pci_config.c",
		.eval = resets,
	},
	{
		.id = "devices.bus-errors",
		.layer = VIA_LAYER_DEVICES,
		.title = "Links report no errors that were not corrected",
		.source = "drivers/pci/pcie/aer.c, dpc.c",
		.eval = bus_errors,
	},
	{
		.id = "devices.vfio-refusals",
		.layer = VIA_LAYER_DEVICES,
		.title = "VFIO refused no device",
		.source = "drivers/vfio/pci/vfio_pci_core.c, drivers/vfio/vfio_iommu_type1.c",
		.eval = vfio_refusals,
	},
};

const struct via_rule_table log_device_rules = { table, VIA_COUNT(table) };
