/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/device_detail.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

static const struct via_capability_field *field_of(const struct via_pci_device *device,
						   const char *capability, const char *name)
{
	const struct via_capability *found = capability_find(&device->capabilities, capability);

	return found ? capability_field(found, name) : NULL;
}

bool device_link(const struct via_pci_device *device, struct via_device_link *ret)
{
	const struct via_capability_field *speed = field_of(device, "pcie", "link_speed_gts");
	const struct via_capability_field *max = field_of(device, "pcie", "max_link_speed_gts");
	const struct via_capability_field *width = field_of(device, "pcie", "link_width");
	const struct via_capability_field *widest = field_of(device, "pcie", "max_link_width");
	const struct via_capability_field *port;

	/* A function within the root complex has no link: its width is 0. */
	if (!speed || !max || !width || !widest || !widest->value || !width->value)
		return false;
	*ret = (struct via_device_link){ .speed = speed->text,
					 .max_speed = max->text,
					 .width = (unsigned int)width->value,
					 .max_width = (unsigned int)widest->value };
	if (!device->parent)
		return true;
	port = field_of(device->parent, "pcie", "max_link_speed_gts");
	if (port)
		ret->port_max_speed = port->text;
	port = field_of(device->parent, "pcie", "max_link_width");
	if (port)
		ret->port_max_width = (unsigned int)port->value;
	return true;
}

bool device_link_degraded(const struct via_device_link *link)
{
	double speed = strtod(link->speed, NULL), could = strtod(link->max_speed, NULL);
	unsigned int width = link->max_width;

	if (link->port_max_speed && strtod(link->port_max_speed, NULL) < could)
		could = strtod(link->port_max_speed, NULL);
	if (link->port_max_width && link->port_max_width < width)
		width = link->port_max_width;
	return speed < could || link->width < width;
}

size_t device_rebars(const struct via_pci_device *device, struct via_device_rebar ret[VIA_BARS])
{
	const struct via_capability *rebar = capability_find(&device->capabilities, "rebar");
	size_t count = 0;

	for (unsigned int i = 0; rebar && i < VIA_BARS; i++) {
		const struct via_capability_field *bar, *size, *sizes;
		char name[32];

		snprintf(name, sizeof(name), "entry%u_bar", i);
		bar = capability_field(rebar, name);
		snprintf(name, sizeof(name), "entry%u_size_bytes", i);
		size = capability_field(rebar, name);
		snprintf(name, sizeof(name), "entry%u_sizes_supported", i);
		sizes = capability_field(rebar, name);
		if (!bar || !size || !sizes)
			break;
		ret[count] = (struct via_device_rebar){ .bar = (unsigned int)bar->value,
							.size = size->value };
		for (unsigned int bit = 0; bit < 44; bit++)
			if (sizes->value >> bit & 1)
				ret[count].largest = UINT64_C(1) << (bit + 20);
		count++;
	}
	return count;
}

struct via_device_rom device_rom(const struct via_pci_device *device)
{
	struct via_device_rom rom = { 0 };

	if (device->resource_count <= VIA_ROM ||
	    device->resources[VIA_ROM].end <= device->resources[VIA_ROM].start)
		return rom;
	rom.size = device->resources[VIA_ROM].end - device->resources[VIA_ROM].start + 1;
	/* IORESOURCE_ROM_SHADOW of ioport.h: at 0xc0000. */
	rom.shadow = device->resources[VIA_ROM].flags & 0x2;
	return rom;
}

const char *device_serial(const struct via_pci_device *device)
{
	const struct via_capability *dsn = capability_find(&device->capabilities, "dsn");

	if (!dsn)
		return NULL;
	via_for_each (field, &dsn->fields)
		if (field->kind == VIA_FIELD_TEXT)
			return field->text;
	return NULL;
}

static bool is_below(const struct via_pci_device *device, const struct via_pci_device *bridge)
{
	const struct via_pci_device *up = device->parent;

	while (up && up != bridge)
		up = up->parent;
	return up != NULL;
}

size_t device_reset_victims(const struct via_pci *pci, const struct via_pci_device *device,
			    const struct via_pci_device **ret, size_t limit)
{
	size_t count = 0;

	if (!device->parent)
		return 0;
	via_for_each (other, &pci->devices) {
		if (other == device || !is_below(other, device->parent))
			continue;
		if (count < limit)
			ret[count] = other;
		count++;
	}
	return count;
}

bool device_reset_only_by_bus(const struct via_pci_device *device)
{
	const char *methods = fact_text(&device->reset_method);

	return methods && strcmp(methods, "bus") == 0;
}

const char *reset_method_means(const char *method)
{
	static const struct {
		const char *name, *means;
	} methods[] = {
		{ "device_specific", "the kernel's own way for this very device" },
		{ "acpi", "firmware's method _RST" },
		{ "flr", "Function Level Reset: this function alone" },
		{ "af_flr", "Function Level Reset by Advanced Features: this function alone" },
		{ "pm", "to D3hot and back: this function alone, and not always wholly" },
		{ "bus", "a reset of the bus or slot: all that sits on it" },
		{ "cxl_bus", "a reset of the bus with CXL's own bits masked" },
	};

	for (size_t i = 0; i < VIA_COUNT(methods); i++)
		if (strcmp(methods[i].name, method) == 0)
			return methods[i].means;
	return NULL;
}

bool device_is_companion(const struct via_pci_device *device, const struct via_pci_device *other)
{
	return device != other && device->address.domain == other->address.domain &&
	       device->address.bus == other->address.bus &&
	       device->address.device == other->address.device &&
	       !fact_is(&other->physfn, VIA_PRESENT) && !fact_is(&device->physfn, VIA_PRESENT);
}
