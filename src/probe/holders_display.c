/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "probe/holding.h"

/* The host's own driver has it: not VFIO, not a stub, not nobody. */
static bool is_driven(const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver);

	return driver && !pci_driver_shares_group(driver);
}

/* card0-HDMI-A-1; card0 and renderD128 are no connectors. */
static const char *connector(const char *entry)
{
	const char *dash = text_starts(entry, "card") ? strchr(entry, '-') : NULL;

	return dash && !strstr(entry, "Writeback") ? dash + 1 : NULL;
}

static void hold_screen(struct via_holding *holding, struct via_pci_device *device,
			const char *entry)
{
	struct via_fact enabled, status;

	if (!connector(entry))
		return;
	enabled = root_text(holding->root, holding->arena, "sys/class/drm/%s/enabled", entry);
	holding_untold(device, enabled);
	if (!fact_text(&enabled) || strcmp(enabled.text, "enabled") != 0)
		return;
	status = root_text(holding->root, holding->arena, "sys/class/drm/%s/status", entry);
	holding_untold(device, status);
	if (!fact_text(&status) || strcmp(status.text, "connected") != 0)
		return;
	holding_add(
		holding, device,
		(struct via_holder){ .by = "display",
				     .what = arena_printf(holding->arena,
							  "a screen on %s shows the host's picture",
							  connector(entry)),
				     .loses = "the picture on that screen" });
}

/* fb0 of simpledrm or efifb, which have no driver of PCI's. */
static void hold_framebuffer(struct via_holding *holding, struct via_pci_device *device,
			     const char *entry)
{
	if (!text_starts(entry, "fb") || !isdigit((unsigned char)entry[2]) || is_driven(device))
		return;
	holding_add(holding, device,
		    (struct via_holder){
			    .by = "display",
			    .what = arena_printf(holding->arena,
						 "the firmware's framebuffer (%s) is on it", entry),
			    .loses = "the console on that screen" });
}

static void hold_boot_display(struct via_holding *holding, struct via_pci_device *device)
{
	if (fact_is(&device->boot_vga, VIA_UNKNOWN))
		holding_untold(device, device->boot_vga);
	else if (fact_number(&device->boot_vga, 0) == 1)
		holding_untold(device, device->driver);
	if (is_driven(device) && fact_number(&device->boot_vga, 0) == 1)
		holding_add(
			holding, device,
			(struct via_holder){ .by = "display",
					     .what = "it is the display the machine booted with",
					     .loses = "the console on its screen" });
}

static const struct via_holder *display_of(const struct via_pci_device *device)
{
	via_for_each (holder, &device->holders)
		if (strcmp(holder->by, "display") == 0)
			return holder;
	return NULL;
}

static bool shows_picture(const struct via_pci_device *device)
{
	via_for_each (holder, &device->holders)
		if (text_starts(holder->what, "a screen"))
			return true;
	return false;
}

/* When one function alone shows pictures, they are the only ones. */
static void mark_only_display(struct via_holding *holding)
{
	struct via_pci_device *only = NULL;
	size_t count = 0;

	via_for_each (device, &holding->host->pci.devices) {
		if (!display_of(device) || !shows_picture(device))
			continue;
		only = device;
		count++;
	}
	if (count != 1)
		return;
	holding_add(holding, only,
		    (struct via_holder){ .by = "display",
					 .what = "no other display shows the host's picture",
					 .loses = "its only screen: the machine would go dark",
					 .loss = VIA_LOSS_VITAL });
}

/* Of which it is not known that it is no display. */
static bool may_show(const struct via_pci_device *device)
{
	return fact_is(&device->class_code, VIA_UNKNOWN) ||
	       pci_class_is(device, 0x030000, 0xff0000);
}

void holders_display(struct via_holding *holding)
{
	struct via_fact screens, pictures;

	via_for_each (device, &holding->host->pci.devices)
		hold_boot_display(holding, device);
	screens = holding_class(holding, "drm", hold_screen);
	pictures = holding_class(holding, "graphics", hold_framebuffer);
	mark_only_display(holding);
	via_for_each (device, &holding->host->pci.devices)
		if (may_show(device)) {
			if (is_driven(device) || screens.error != ENODATA)
				holding_untold(device, screens);
			if (pictures.error != ENODATA)
				holding_untold(device, pictures);
		}
}
