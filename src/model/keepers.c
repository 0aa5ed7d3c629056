/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/keepers.h"

#include <stdio.h>
#include <string.h>

#include "base/parse.h"

static enum via_belongs surely(bool fits)
{
	return fits ? VIA_BELONGS : VIA_BELONGS_NOT;
}

static bool one_fits(const char *patterns, const struct via_names *names)
{
	via_for_each (name, names)
		if (keeping_matches(patterns, *name))
			return true;
	return false;
}

static enum via_belongs named(const struct via_keeping *keeping,
			      const struct via_pci_device *device)
{
	return surely(*keeping->device && (keeping_covers(keeping->device, device->name) ||
					   one_fits(keeping->device, &device->net)));
}

static enum via_belongs fits_path(const char *path, const struct via_pci_device *device)
{
	char text[sizeof("pci-") + PCI_ADDRESS_TEXT];

	snprintf(text, sizeof(text), "pci-%s", device->name);
	return surely(keeping_matches(path, text) || keeping_matches(path, device->name) ||
		      keeping_covers(path, device->name));
}

/* One that a VFIO driver has now comes back to its own at the next boot. */
static enum via_belongs fits_driver(const char *driver, const struct via_pci_device *device)
{
	const char *bound = fact_text(&device->driver);

	if (bound && keeping_matches(driver, bound))
		return VIA_BELONGS;
	return fact_is(&device->driver, VIA_UNKNOWN) || one_fits(driver, &device->modules)
		       ? VIA_BELONGS_PERHAPS
		       : VIA_BELONGS_NOT;
}

static enum via_belongs fits_mac(const struct via_keeping_match *match,
				 const struct via_pci_device *device)
{
	if (match->mac_net)
		return surely(one_fits(match->mac_net, &device->net));
	return device->net.count ? VIA_BELONGS_PERHAPS : VIA_BELONGS_NOT;
}

static enum via_belongs fits_id(const char *id, const struct via_fact *fact)
{
	char text[sizeof("0x0123456789abcdef")];

	if (!fact_is(fact, VIA_PRESENT))
		return VIA_BELONGS_PERHAPS;
	snprintf(text, sizeof(text), "0x%04llx", (unsigned long long)fact->number);
	return surely(keeping_matches(id, text));
}

/* What is said of virtual functions is of devices that can have some. */
static bool may_have_it(const struct via_keeping *keeping, const struct via_pci_device *device)
{
	if (strstr(keeping->what, "virtual function"))
		return !fact_is(&pci_sriov(device)->total, VIA_ABSENT);
	return keeping_asks(keeping->match);
}

static enum via_belongs matched(const struct via_keeping *keeping,
				const struct via_pci_device *device)
{
	const struct via_keeping_match *match = keeping->match;
	const enum via_belongs each[] = {
		match->path ? fits_path(match->path, device) : VIA_BELONGS,
		match->name ? surely(one_fits(match->name, &device->net)) : VIA_BELONGS,
		match->driver ? fits_driver(match->driver, device) : VIA_BELONGS,
		match->mac ? fits_mac(match, device) : VIA_BELONGS,
		match->vendor ? fits_id(match->vendor, &device->vendor) : VIA_BELONGS,
		match->product ? fits_id(match->product, &device->device) : VIA_BELONGS,
		match->more && !match->path ? VIA_BELONGS_PERHAPS : VIA_BELONGS,
	};
	enum via_belongs least = VIA_BELONGS;

	for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++)
		least = each[i] < least ? each[i] : least;
	return match->path || may_have_it(keeping, device) ? least : VIA_BELONGS_NOT;
}

enum via_belongs keeping_belongs(const struct via_keeping *keeping,
				 const struct via_pci_device *device)
{
	return keeping->match ? matched(keeping, device) : named(keeping, device);
}

bool keeping_is_of(const struct via_keeping *keeping, const struct via_pci_device *device)
{
	return keeping_belongs(keeping, device) == VIA_BELONGS;
}
