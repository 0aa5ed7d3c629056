/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/select.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/device_detail.h"

/* The slot's name alone; select_device() would also take it for another kind of word. */
static bool in_slot(const struct via_pci_device *device, const char *slot)
{
	return fact_text(&device->slot) && strcmp(device->slot.text, slot) == 0;
}

static bool has_ids(const struct via_pci_device *device, const char *ids)
{
	char own[10];

	if (!fact_is(&device->vendor, VIA_PRESENT) || !fact_is(&device->device, VIA_PRESENT))
		return false;
	snprintf(own, sizeof(own), "%04llx:%04llx", (unsigned long long)device->vendor.number,
		 (unsigned long long)device->device.number);
	return strcasecmp(own, ids) == 0;
}

static bool has_serial(const struct via_pci_device *device, const char *serial)
{
	const char *own = device_serial(device);

	return own && strcasecmp(own, serial) == 0;
}

/* Whoever was not asked for its serial number may have the declared one. */
static bool serial_is_untold(const struct via_pci_device *device,
			     const struct via_declared_device *which)
{
	return which->serial && !device_serial(device) && !device->capabilities.extended_read;
}

/* Whether one function has all the marks but for the address or name. */
static bool fits(const struct via_pci_device *device, const struct via_declared_device *which)
{
	return (!which->id || has_ids(device, which->id)) &&
	       (!which->slot || in_slot(device, which->slot)) &&
	       (!which->serial || has_serial(device, which->serial));
}

static const char *mark(const struct via_declared_device *which)
{
	return which->device ?: which->id ?: which->slot ?: which->serial;
}

/* What is at the declared place is another card: the most dangerous of all mistakes. */
static int refuse_stranger(const struct via_pci_device *device,
			   const struct via_declared_device *which, struct via_error *error)
{
	error_set(error, -ENODEV, "find device", mark(which),
		  "%s is %04llx:%04llx in slot %s, and not what is declared", device->name,
		  (unsigned long long)fact_number(&device->vendor, 0xffff),
		  (unsigned long long)fact_number(&device->device, 0xffff),
		  fact_text(&device->slot) ?: "(none told)");
	return error_hint(error, "cards were moved, or the firmware counts anew: look at viaduct "
				 "list, then correct the declaration");
}

static int refuse_untold(const struct via_pci_device *device,
			 const struct via_declared_device *which, struct via_error *error)
{
	error_set(error, -ENODATA, "find device", mark(which),
		  "the serial number of %s could not be read", device->name);
	return error_hint(error, "it may be asleep, and reading takes root");
}

static int find_by_marks(const struct via_pci *pci, const struct via_declared_device *which,
			 const struct via_pci_device **ret, struct via_error *error)
{
	const struct via_pci_device *found = NULL;
	const struct via_pci_device *untold = NULL;
	size_t count = 0;

	via_for_each (device, &pci->devices) {
		if (serial_is_untold(device, which))
			untold = device;
		if (!fits(device, which))
			continue;
		found = device;
		count++;
	}
	if (!count && untold)
		return refuse_untold(untold, which, error);
	if (!count)
		return error_set(error, -ENODEV, "find device", mark(which),
				 "no device here has all of these marks");
	if (count > 1) {
		error_set(error, -ENOTUNIQ, "find device", mark(which),
			  "%zu devices have all of these marks", count);
		return error_hint(error, "add the address, or the slot");
	}
	*ret = found;
	return 0;
}

int select_declared(const struct via_pci *pci, const struct via_declared_device *which,
		    const struct via_pci_device **ret, struct via_error *error)
{
	const struct via_pci_device *found;
	int r;

	if (!mark(which))
		return error_set(error, -EINVAL, "find device", "(nothing)",
				 "neither device, id, slot nor serial is given");
	if (fact_is(&pci->bus, VIA_UNKNOWN))
		return error_set(error, -EIO, "find device", mark(which),
				 "%s could not be read: %s", pci->bus.path,
				 strerror(pci->bus.error));
	if (!which->device)
		return find_by_marks(pci, which, ret, error);
	r = select_device(pci, which->device, &found, error);
	if (r < 0)
		return r;
	if (serial_is_untold(found, which))
		return refuse_untold(found, which, error);
	if (!fits(found, which))
		return refuse_stranger(found, which, error);
	*ret = found;
	return 0;
}
