/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"

/*
 * vfio-pci.ids=: a wish by model, from the command line or modprobe.d, against what the
 * devices of those models are bound to now.
 */
struct wish {
	const char *id, *place;
	bool modprobe;
};

struct wishes {
	via_list(struct wish) list;
};

static void add_wishes(struct via_finding *finding, struct wishes *wishes, const char *value,
		       const char *place, bool modprobe)
{
	for (const char *at = value; at && *at;) {
		size_t length = strcspn(at, ",");

		if (length)
			*via_list_add(finding->arena, &wishes->list) = (struct wish){
				.id = arena_strndup(finding->arena, at, length),
				.place = place,
				.modprobe = modprobe,
			};
		at += length + (at[length] == ',');
	}
}

/* Of a line "ids=10de:2684,10de:22ba disable_vga=1" the values of ids. */
static void add_configured(struct via_finding *finding, struct wishes *wishes,
			   const struct via_modprobe_rule *rule)
{
	struct via_cmdline words;

	cmdline_decode(finding->arena, rule->text, &words);
	via_for_each (word, &words)
		if (parameter_is(word, "ids"))
			add_wishes(finding, wishes, word->value, rule->place, true);
}

static struct wishes gather(const struct via_host *host, struct via_finding *finding)
{
	struct wishes wishes = { 0 };
	struct via_cmdline line;

	booted_line(host, finding->arena, &line);
	via_for_each (word, &line)
		if (parameter_is(word, "vfio_pci.ids"))
			add_wishes(finding, &wishes, word->value, "proc/cmdline", false);
	via_for_each (rule, &host->kernel.modprobe)
		if (rule->kind == VIA_MODPROBE_OPTIONS && strcmp(rule->module, "vfio_pci") == 0)
			add_configured(finding, &wishes, rule);
	return wishes;
}

static bool is_of_model(const struct via_pci_device *device, const char *id)
{
	char *end;
	unsigned long vendor = strtoul(id, &end, 16);

	return *end == ':' && fact_number(&device->vendor, 0) == vendor &&
	       fact_number(&device->device, 0) == strtoul(end + 1, NULL, 16);
}

/* What came of one wish, in words; NULL where it was granted. */
static const char *judge(const struct via_host *host, struct via_finding *finding,
			 const struct wish *wish)
{
	const struct via_pci_device *missed = NULL, *boot = NULL;
	size_t models = 0;

	via_for_each (device, &host->pci.devices) {
		const char *driver = fact_text(&device->driver);

		if (!is_of_model(device, wish->id))
			continue;
		models++;
		if (driver && !pci_driver_is_vfio(driver))
			missed = device;
		if (fact_number(&device->boot_vga, 0) == 1)
			boot = device;
	}
	if (!models)
		return arena_printf(finding->arena, "%s (%s) is on no device here", wish->id,
				    wish->place);
	if (models > 1 && boot)
		return arena_printf(finding->arena,
				    "%s (%s) takes %zu devices of one model, and %s is the display "
				    "the machine booted with",
				    wish->id, wish->place, models, boot->name);
	if (missed)
		return arena_printf(finding->arena, "%s (%s) is %s, and %s has it", wish->id,
				    wish->place, missed->name, missed->driver.text);
	return NULL;
}

/* Directives of which one undoes the other; NULL for none. */
static const char *kept_out(const struct via_host *host, struct via_finding *finding)
{
	struct via_cmdline line;

	booted_line(host, finding->arena, &line);
	if (cmdline_has_option(&line, "module_blacklist", "vfio_pci"))
		return "module_blacklist= keeps vfio_pci out";
	via_for_each (rule, &host->kernel.modprobe)
		if (strcmp(rule->module, "vfio_pci") == 0 &&
		    (rule->kind == VIA_MODPROBE_INSTALL || rule->kind == VIA_MODPROBE_BLACKLIST))
			return arena_printf(finding->arena, "%s keeps vfio_pci out", rule->place);
	return NULL;
}

static const char *all_troubles(const struct via_host *host, struct via_finding *finding,
				const struct wishes *wishes)
{
	bool built_in = module_state(&host->kernel.modules[VIA_MODULE_VFIO_PCI]) ==
			VIA_MODULE_STATE_BUILTIN;
	const char *text = kept_out(host, finding), *more;

	via_for_each (wish, &wishes->list) {
		finding_cite_value(finding, wish->place, "%s", wish->id);
		more = judge(host, finding, wish);
		if (more)
			text = add_sentence(finding, text, "%s", more);
		if (wish->modprobe && built_in)
			text = add_sentence(finding, text,
					    "%s has no effect: vfio-pci is built into this kernel",
					    wish->place);
	}
	return text;
}

/* Parameters of vfio-pci at work that change how it treats every device. */
static const char *settings(const struct via_host *host, struct via_finding *finding)
{
	static const char *const names[] = { "disable_idle_d3", "disable_vga", "nointxmask" };
	const char *text = "";

	for (size_t i = 0; i < VIA_COUNT(names); i++) {
		const struct via_fact *value =
			kernel_parameter(&host->kernel, "vfio_pci", names[i]);

		if (!says_yes(value))
			continue;
		finding_cite(finding, value);
		text = arena_printf(finding->arena, "%s%s%s", text, *text ? ", " : "", names[i]);
	}
	return text;
}

/* Any function whose ids are not known may be of the model; who has those that are counts. */
static const struct via_fact *devices_untold(const struct via_host *host)
{
	via_for_each (device, &host->pci.devices) {
		if (fact_is(&device->vendor, VIA_UNKNOWN))
			return &device->vendor;
		if (fact_is(&device->device, VIA_UNKNOWN))
			return &device->device;
		if (fact_is(&device->driver, VIA_UNKNOWN))
			return &device->driver;
	}
	return NULL;
}

static enum via_verdict conflicts(const struct via_host *host, struct via_finding *finding)
{
	struct wishes wishes = gather(host, finding);
	const char *set = settings(host, finding), *text;

	if (!wishes.list.count) {
		finding_cite(finding, &host->kernel.command_line);
		finding_cite(finding, &host->kernel.modprobe_known);
		if (!fact_text(&host->kernel.command_line) ||
		    fact_is(&host->kernel.modprobe_known, VIA_UNKNOWN))
			return VIA_CANNOT_TELL;
		finding_detail(finding, "No device is given to vfio-pci by its ids%s%s.",
			       *set ? "; at work for all: " : "", set);
		return *set ? VIA_PASS : VIA_SKIP;
	}
	if (!fact_is(&host->pci.bus, VIA_PRESENT)) {
		finding_cite(finding, &host->pci.bus);
		return VIA_CANNOT_TELL;
	}
	text = all_troubles(host, finding, &wishes);
	if (devices_untold(host)) {
		finding_cite(finding, devices_untold(host));
		return VIA_CANNOT_TELL;
	}
	if (text) {
		finding_detail(finding, "%s.", text);
		finding_manual(finding, "Have the initramfs load vfio-pci before the device's own "
					"driver, or choose the device itself: viaduct plan "
					"passthrough ADDRESS. Ids take twins as well.");
		return VIA_WARN;
	}
	finding_detail(finding, "Every device that was asked for by its ids is on vfio-pci%s%s.",
		       *set ? "; at work for all: " : "", set);
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.vfio-conflicts",
		.layer = VIA_LAYER_KERNEL,
		.title = "Devices asked for by vfio-pci.ids= came",
		.source = "drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids",
		.eval = conflicts,
	},
};

const struct via_rule_table kernel_vfio_id_rules = { rules, VIA_COUNT(rules) };
