/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "model/device_detail.h"
#include "model/gpu.h"
#include "rules/devices_part.h"

enum { VENDOR_VIRTIO = 0x1af4 };

static bool is_card(const struct via_pci_device *device)
{
	return device_is_gpu(device) && !fact_is(&device->physfn, VIA_PRESENT);
}

static bool are_twins(const struct via_pci_device *a, const struct via_pci_device *b)
{
	return fact_is(&a->vendor, VIA_PRESENT) && fact_is(&b->vendor, VIA_PRESENT) &&
	       fact_is(&a->device, VIA_PRESENT) && fact_is(&b->device, VIA_PRESENT) &&
	       a->vendor.number == b->vendor.number && a->device.number == b->device.number;
}

static const struct via_pci_device *twin_of(const struct via_host *host,
					    const struct via_pci_device *device)
{
	via_for_each (other, &host->pci.devices)
		if (other != device && is_card(other) && are_twins(device, other))
			return other;
	return NULL;
}

static const char *companions_of(const struct via_host *host, const struct via_pci_device *device,
				 struct via_arena *arena)
{
	const char *text = "";

	via_for_each (other, &host->pci.devices)
		if (device_is_companion(device, other))
			text = arena_printf(arena, "%s, with %s", text, other->name);
	return text;
}

static const struct via_fact *first_untold(const struct via_fact *const *facts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fact_is(facts[i], VIA_UNKNOWN))
			return facts[i];
	return NULL;
}

/* What could not be told of a function that is, or may be, worth a judgement. */
static const struct via_fact *identity_untold(const struct via_pci_device *device)
{
	const struct via_fact *const facts[] = { &device->vendor, &device->device,
						 &device->physfn };

	return first_untold(facts, VIA_COUNT(facts));
}

/* The cards of a host, told once. */
struct cards {
	size_t count;
	const struct via_pci_device *console, *twin;
	const struct via_fact *untold, *no_console;
};

static struct cards look_at_cards(const struct via_host *host, struct via_finding *finding)
{
	struct cards cards = { 0 };

	via_for_each (device, &host->pci.devices) {
		if (!is_card(device))
			continue;
		cards.count++;
		if (fact_number(&device->boot_vga, 0) == 1)
			cards.console = device;
		if (fact_is(&device->boot_vga, VIA_UNKNOWN))
			cards.no_console = &device->boot_vga;
		cards.untold = cards.untold ?: identity_untold(device);
		if (!cards.twin && twin_of(host, device))
			cards.twin = device;
		if (fact_is(&device->driver, VIA_UNKNOWN))
			finding_cite(finding, &device->driver);
		finding_cite_value(
			finding, device->name, "%s%s%s", pci_driver_words(&device->driver),
			fact_number(&device->boot_vga, 0) == 1 ? ", firmware's display" : "",
			companions_of(host, device, finding->arena));
	}
	return cards;
}

static enum via_verdict gpu(const struct via_host *host, struct via_finding *finding)
{
	enum via_verdict verdict;
	struct cards cards;

	if (devices_none(host, finding, &verdict))
		return verdict;
	cards = look_at_cards(host, finding);
	cards.untold = cards.untold ?: host_untold_class(host);
	cards.untold = cards.untold ?: cards.console ? NULL : cards.no_console;
	if (cards.untold) {
		finding_cite(finding, cards.untold);
		return VIA_CANNOT_TELL;
	}
	if (!cards.count) {
		finding_detail(finding, "No graphics card here.");
		return VIA_SKIP;
	}
	if (cards.twin) {
		finding_detail(finding,
			       "%s and %s have the same ids: vfio-pci.ids= and options vfio-pci "
			       "ids= take both of them.",
			       cards.twin->name, twin_of(host, cards.twin)->name);
		finding_manual(finding,
			       "Give one away by its address: viaduct plan passthrough ADDRESS "
			       "sets driver_override for that one alone.");
		return VIA_WARN;
	}
	if (cards.count == 1) {
		finding_detail(finding,
			       "One graphics card, %s%s. As long as a guest has it, this host has "
			       "no display.",
			       cards.console ? cards.console->name
					     : "and no firmware display on it",
			       cards.console ? ", which firmware's display is on" : "");
		return VIA_PASS;
	}
	finding_detail(finding, "%zu graphics cards; the host's display is on %s%s.", cards.count,
		       cards.console ? cards.console->name : "none of them as firmware set it",
		       cards.console ? ", as firmware set it (boot_vga): a monitor may be on "
				       "another"
				     : "");
	return VIA_PASS;
}

/* What people give to guests. */
static bool is_worth_giving(const struct via_pci_device *device)
{
	if (fact_is(&device->physfn, VIA_PRESENT) ||
	    fact_number(&device->vendor, 0) == VENDOR_VIRTIO)
		return false;
	return device_is_gpu(device) || pci_class_is(device, 0x020000, 0xff0000) ||
	       pci_class_is(device, 0x010802, 0xffffff) || pci_class_is(device, 0x120000, 0xff0000);
}

static bool has_own_method(const struct via_pci_device *device)
{
	const char *methods = fact_text(&device->reset_method);

	return methods && text_has_word(methods, "device_specific");
}

/* Other cards that a reset of its bus would hit; its own companions go with it anyway. */
static bool bus_is_shared(const struct via_host *host, const struct via_pci_device *device)
{
	const struct via_pci_device *victims[16];
	size_t count = device_reset_victims(&host->pci, device, victims, VIA_COUNT(victims));

	for (size_t i = 0; i < count && i < VIA_COUNT(victims); i++)
		if (!device_is_companion(device, victims[i]))
			return true;
	return count > VIA_COUNT(victims);
}

static const char *reset_trouble(const struct via_host *host, const struct via_pci_device *device)
{
	const char *methods = fact_text(&device->reset_method);
	struct via_gpu graphics;

	if (fact_is(&device->reset, VIA_ABSENT) || (methods && !*methods))
		return "no way to be reset";
	if (gpu_of(device, &graphics) && graphics.reset_bug && methods && !has_own_method(device))
		return "of a family that a bus reset does not bring back";
	if (device_reset_only_by_bus(device) && bus_is_shared(host, device))
		return "only by its bus, which it shares with others";
	return NULL;
}

/* `reset` cannot be read, only written: tools that copy what they can read leave it out. */
static bool keeps_resets(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices)
		if (fact_is(&device->reset, VIA_PRESENT))
			return true;
	return host->live;
}

static const struct via_fact *reset_untold(const struct via_pci_device *device)
{
	const struct via_fact *const facts[] = { &device->reset, &device->reset_method,
						 &device->place };

	return identity_untold(device) ?: first_untold(facts, VIA_COUNT(facts));
}

static enum via_verdict reset(const struct via_host *host, struct via_finding *finding)
{
	size_t looked = 0, troubled = 0;
	const struct via_fact *untold = host_untold_class(host);
	const char *first = NULL;
	enum via_verdict verdict;

	if (devices_none(host, finding, &verdict))
		return verdict;
	via_for_each (device, &host->pci.devices) {
		const char *trouble;

		if (!is_worth_giving(device) || fact_is(&device->reset, VIA_NOT_ASKED))
			continue;
		looked++;
		if (reset_untold(device)) {
			untold = reset_untold(device);
			continue;
		}
		trouble = reset_trouble(host, device);
		if (!trouble)
			continue;
		troubled++;
		first = first ? first
			      : arena_printf(finding->arena, "%s: %s", device->name, trouble);
		finding_cite_value(finding, device->name, "%s", trouble);
	}
	if (!looked && !untold) {
		finding_detail(finding, "No card, adapter or NVMe drive of this host's own.");
		return VIA_SKIP;
	}
	if (!keeps_resets(host)) {
		finding_detail(finding, "This source holds no attribute `reset` at all.");
		return VIA_CANNOT_TELL;
	}
	if (troubled) {
		finding_detail(finding, "%zu of %zu devices do not reset cleanly; %s.", troubled,
			       looked, first);
		finding_manual(
			finding,
			"viaduct show DEVICE names each method and whom it hits; viaduct "
			"prove DEVICE tries. For AMD's families there is vendor-reset (DKMS), "
			"which works only after device_specific was written to reset_method: "
			"its own udev rules never match.");
		return VIA_WARN;
	}
	if (untold) {
		finding_cite(finding, untold);
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, "All %zu devices worth giving away can be reset.", looked);
	return VIA_PASS;
}

/* Runtime PM's word tells it; without that one, only a card that is awake was not lost. */
static const struct via_fact *sleep_untold(const struct via_graphics_card *card)
{
	const char *state = fact_text(&card->device->power_state);
	bool left_out = card->runtime_status.error == ENODATA;

	if (!fact_is(&card->runtime_status, VIA_UNKNOWN) ||
	    (left_out && state && strcmp(state, "D0") == 0))
		return NULL;
	return &card->runtime_status;
}

static enum via_verdict power(const struct via_host *host, struct via_finding *finding)
{
	const struct via_pci_device *broken = NULL;
	const struct via_pci_device *cold = NULL;
	const struct via_fact *untold = host_untold_class(host);
	enum via_verdict verdict;

	if (devices_none(host, finding, &verdict))
		return verdict;
	via_for_each (card, &host->graphics.cards) {
		const char *state = fact_text(&card->device->power_state);
		const char *status = fact_text(&card->runtime_status);

		finding_cite_value(finding, card->device->name, "%s%s%s%s",
				   state ? state : "state not told", status ? ", runtime " : "",
				   status ? status : "",
				   fact_is(&card->d3cold_allowed, VIA_PRESENT)
					   ? (card->d3cold_allowed.number ? ", D3cold allowed"
									  : ", D3cold forbidden")
					   : "");
		if (status && strcmp(status, "error") == 0)
			broken = card->device;
		untold = sleep_untold(card) ?: untold;
		if (fact_number(&card->d3cold_allowed, 0) && state && strcmp(state, "D3cold") == 0)
			cold = card->device;
	}
	if (!host->graphics.cards.count && !untold) {
		finding_detail(finding, "No graphics card here.");
		return VIA_SKIP;
	}
	if (broken) {
		finding_detail(finding, "%s did not come back from sleep (runtime_status: error).",
			       broken->name);
		finding_manual(finding,
			       "Start the machine cold; then write 0 to its d3cold_allowed, and on "
			       "to power/control of the card and of the port above it, before a "
			       "guest takes it.");
		return VIA_WARN;
	}
	if (untold) {
		finding_cite(finding, untold);
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding,
		       cold ? "%s sleeps with its power cut (D3cold). Where it does not wake for "
			      "a guest, write 0 to its d3cold_allowed."
			    : "No graphics card was lost to sleep.",
		       cold ? cold->name : "");
	return VIA_PASS;
}

static const struct via_vfio_variant *variant_for(const struct via_host *host,
						  const struct via_pci_device *device)
{
	via_for_each (variant, &host->graphics.variants)
		if (fact_is(&device->vendor, VIA_PRESENT) &&
		    variant->vendor == device->vendor.number &&
		    variant->device == fact_number(&device->device, 0))
			return variant;
	return NULL;
}

/* Whether a driver of its own was asked for, of one that may go to a guest. */
static const struct via_fact *variant_untold(const struct via_pci_device *device)
{
	const struct via_fact *const whether[] = { &device->driver, &device->physfn };
	const struct via_fact *const which[] = { &device->vendor, &device->device,
						 &device->modalias };
	const char *driver = fact_text(&device->driver);

	if (pci_is_bridge(device))
		return NULL;
	if (first_untold(whether, VIA_COUNT(whether)))
		return first_untold(whether, VIA_COUNT(whether));
	if (fact_is(&device->physfn, VIA_PRESENT) || (driver && pci_driver_is_vfio(driver)))
		return first_untold(which, VIA_COUNT(which));
	return NULL;
}

static enum via_verdict vfio_variants(const struct via_host *host, struct via_finding *finding)
{
	size_t have = 0, generic = 0;
	const struct via_fact *untold = NULL;
	const char *first = NULL, *better = NULL;
	enum via_verdict verdict;

	if (devices_none(host, finding, &verdict))
		return verdict;
	via_for_each (device, &host->pci.devices) {
		const struct via_vfio_variant *variant = variant_for(host, device);
		const char *driver = fact_text(&device->driver);

		untold = untold ?: variant_untold(device);
		if (!variant)
			continue;
		if (fact_is(&variant->known, VIA_UNKNOWN))
			untold = &variant->known;
		if (!variant->drivers.count)
			continue;
		have++;
		if (!driver || strcmp(driver, "vfio-pci") != 0)
			continue;
		generic++;
		first = device->name;
		better = *variant->drivers.items;
		finding_cite_value(finding, device->name, "vfio-pci, where %s is for it", better);
	}
	if (generic) {
		finding_detail(finding,
			       "%s is held by vfio-pci, and this kernel has %s for it: live "
			       "migration and what that driver mends are lost.",
			       first, better);
		finding_manual(finding, "viaduct bind %s %s", first, better);
		return VIA_WARN;
	}
	if (untold) {
		finding_cite(finding, untold);
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, have ? "No function with a VFIO driver of its own is held by the "
				       "generic one."
				     : "No virtual function or device held for guests has a VFIO "
				       "driver of its own.");
	return have ? VIA_PASS : VIA_SKIP;
}

static const struct via_rule rules[] = {
	{
		.id = "devices.gpu",
		.layer = VIA_LAYER_DEVICES,
		.title = "Graphics cards, and which one is the host's",
		.source = "drivers/pci/pci-sysfs.c, boot_vga_show; drivers/pci/pci-driver.c, "
			  "new_id_store",
		.eval = gpu,
	},
	{
		.id = "devices.reset",
		.layer = VIA_LAYER_DEVICES,
		.title = "Devices worth giving away can be reset",
		.source = "drivers/pci/pci.c, pci_reset_fn_methods",
		.eval = reset,
	},
	{
		.id = "devices.power",
		.layer = VIA_LAYER_DEVICES,
		.title = "Graphics cards come back from sleep",
		.source = "Documentation/power/pci.rst; drivers/vfio/pci/vfio_pci_core.c, "
			  "disable_idle_d3",
		.eval = power,
	},
	{
		.id = "devices.vfio-variants",
		.layer = VIA_LAYER_DEVICES,
		.title = "VFIO drivers made for one device",
		.source = "scripts/mod/file2alias.c, aliases vfio_pci:; "
			  "Documentation/driver-api/vfio-pci-device-specific-driver-acceptance.rst",
		.eval = vfio_variants,
	},
};

const struct via_rule_table device_graphics_rules = { rules, VIA_COUNT(rules) };
