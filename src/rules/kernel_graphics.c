/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"
#include "rules/parameters.h"

/* The graphics cards of a host; @picture is the one that alone shows its picture. */
struct cards {
	size_t count;
	const struct via_pci_device *first, *boot, *picture;
	const struct via_fact *untold;
};

static const struct via_holder *display_of(const struct via_pci_device *device, enum via_loss least)
{
	via_for_each (holder, &device->holders)
		if (strcmp(holder->by, "display") == 0 && holder->loss >= least)
			return holder;
	return NULL;
}

/* The kernel gives every VGA card a boot_vga: one without it was not seen whole. */
static bool boot_untold(const struct via_pci_device *device)
{
	return fact_is(&device->boot_vga, VIA_UNKNOWN) ||
	       (fact_is(&device->boot_vga, VIA_ABSENT) && pci_class_is(device, 0x030000, 0xffff00));
}

static void take_card(struct cards *cards, const struct via_pci_device *device,
		      struct via_finding *finding)
{
	const struct via_holder *picture = display_of(device, VIA_LOSS_VITAL);

	cards->count++;
	cards->first = cards->first ?: device;
	if (fact_number(&device->boot_vga, 0) == 1)
		cards->boot = device;
	if (boot_untold(device))
		cards->untold = cards->untold ?: &device->boot_vga;
	if (fact_is(&device->holders_known, VIA_UNKNOWN))
		cards->untold = cards->untold ?: &device->holders_known;
	if (fact_is(&device->driver, VIA_ABSENT))
		finding_cite_value(finding, device->driver.path, "(no driver)");
	else
		finding_cite(finding, &device->driver);
	if (!picture)
		return;
	cards->picture = device;
	finding_cite_value(finding, device->name, "%s", picture->what);
}

/* A 3D controller that has no screen is no display of anybody's. */
static bool is_dark(const struct via_pci_device *device)
{
	return pci_class_is(device, 0x030200, 0xffff00) && !display_of(device, VIA_LOSS_USE) &&
	       !fact_is(&device->holders_known, VIA_UNKNOWN);
}

static enum via_verdict only_card(const struct cards *cards, struct via_finding *finding)
{
	const struct via_pci_device *device = cards->first;

	finding_cite(finding, &device->boot_vga);
	finding_detail(finding,
		       "The only graphics card, %s, %s: a guest that takes it leaves the host "
		       "without a display.",
		       device->name,
		       cards->boot	? "is the one the machine booted with"
		       : cards->picture ? "shows the host's only picture"
					: "is the only one that can show the host's picture");
	finding_manual(finding, "Have another way in (network, serial console) before you give it "
				"away.");
	return VIA_WARN;
}

static enum via_verdict gpu_passthrough(const struct via_host *host, struct via_finding *finding)
{
	const struct via_fact *untold = host_untold_class(host);
	const struct via_pci_device *own;
	struct cards cards = { 0 };

	finding_cite(finding, &host->pci.bus);
	if (!fact_is(&host->pci.bus, VIA_PRESENT))
		return fact_is(&host->pci.bus, VIA_ABSENT) ? VIA_SKIP : VIA_CANNOT_TELL;
	via_for_each (device, &host->pci.devices)
		if (pci_class_is(device, 0x030000, 0xff0000))
			take_card(&cards, device, finding);
	own = cards.picture ?: cards.boot;
	if (!untold && cards.count == 1 && !is_dark(cards.first))
		return only_card(&cards, finding);
	untold = untold ?: own ? NULL : cards.untold;
	if (untold) {
		finding_cite(finding, untold);
		return VIA_CANNOT_TELL;
	}
	if (!cards.count) {
		finding_detail(finding, "No graphics card on PCI.");
		return VIA_SKIP;
	}
	finding_detail(finding, "%zu graphics card%s; %s is the host's own.", cards.count,
		       cards.count == 1 ? "" : "s", own ? own->name : "none");
	return VIA_PASS;
}

/* The function whose range the framebuffer lies in, or NULL. */
static const struct via_pci_device *owner_of(const struct via_host *host,
					     const struct via_framebuffer_range *range)
{
	struct via_pci_address address;

	if (!range->parent || address_parse(range->parent, &address) < 0)
		return NULL;
	return pci_find(&host->pci, address);
}

/* Which BAR "e0000000-e07fffff : BOOTFB" lies in; -1 where addresses are hidden. */
static int bar_of(const struct via_pci_device *device, const struct via_framebuffer_range *range)
{
	uint64_t start = strtoull(range->line, NULL, 16);

	for (size_t i = 0; start && i < device->resource_count && i < VIA_BARS; i++)
		if (device->resources[i].end && start >= device->resources[i].start &&
		    start <= device->resources[i].end)
			return (int)i;
	return -1;
}

/* Since 6.0 vfio-pci evicts the framebuffer of a VGA card, and of no other. */
static bool is_evicted(const struct via_host *host, const struct via_pci_device *device)
{
	return kernel_since(host, VIA_KERNEL(6, 0)) && pci_class_is(device, 0x030000, 0xffff00);
}

static enum via_verdict judge_owner(const struct via_host *host, struct via_finding *finding,
				    const struct via_framebuffer_range *range,
				    const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);
	int bar = bar_of(device, range);
	const char *where = bar < 0 ? "a BAR" : arena_printf(finding->arena, "BAR %d", bar);

	finding_cite(finding, &device->driver);
	if (driver && pci_driver_is_vfio(driver)) {
		finding_detail(finding,
			       "%s holds %s of %s, which is on %s: a guest that starts with it "
			       "gets \"can't reserve\" and a card that does not work.",
			       range->owner, where, device->name, driver);
		finding_manual(finding, "Boot with initcall_blacklist=sysfb_init "
					"(video=efifb:off only reaches efifb, not simpledrm), or "
					"unbind the framebuffer's platform device.");
		return VIA_FAIL;
	}
	finding_detail(finding, "%s holds %s of %s (%s).%s", range->owner, where, device->name,
		       pci_driver_words(&device->driver),
		       is_evicted(host, device)
			       ? " vfio-pci of this kernel takes it away when it binds the card."
			       : " vfio-pci of this kernel does not take it away from that card.");
	if (fact_is(&device->driver, VIA_UNKNOWN))
		return VIA_CANNOT_TELL;
	if (is_evicted(host, device) || driver)
		return VIA_PASS;
	finding_manual(finding, "Before the card goes to a guest, boot with "
				"initcall_blacklist=sysfb_init.");
	return VIA_WARN;
}

static enum via_verdict framebuffer(const struct via_host *host, struct via_finding *finding)
{
	const struct via_framebuffer *boot = &host->kernel.framebuffer;
	const struct via_framebuffer_range *range = boot->ranges.items;
	const struct via_pci_device *device;

	finding_cite(finding, &boot->device);
	finding_cite(finding, &boot->driver);
	finding_cite(finding, &boot->fb);
	if (!boot->ranges.count) {
		finding_cite(finding, &boot->iomem);
		if (!fact_is(&boot->iomem, VIA_PRESENT) && !fact_is(&boot->device, VIA_ABSENT))
			return VIA_CANNOT_TELL;
		finding_detail(finding, "No framebuffer of the firmware's is left.");
		return VIA_PASS;
	}
	finding_cite_value(finding, boot->iomem.path, "%s%s%s", range->line,
			   range->parent ? ", in " : "", range->parent ? range->parent : "");
	device = owner_of(host, range);
	if (device)
		return judge_owner(host, finding, range, device);
	if (!fact_is(&host->pci.bus, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	finding_detail(finding, "%s holds a range of no PCI function's: no card is kept by it.",
		       range->owner);
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.gpu-passthrough",
		.layer = VIA_LAYER_KERNEL,
		.title = "A graphics card can be spared",
		.source = "drivers/pci/vgaarb.c, boot_vga",
		.eval = gpu_passthrough,
	},
	{
		.id = "kernel.framebuffer",
		.layer = VIA_LAYER_KERNEL,
		.title = "Firmware's framebuffer keeps no card from guests",
		.source = "drivers/firmware/sysfb.c; drivers/vfio/pci/vfio_pci_core.c, "
			  "vfio_pci_vga_init",
		.eval = framebuffer,
	},
};

const struct via_rule_table kernel_graphics_rules = { rules, VIA_COUNT(rules) };
