/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/names.h"

#include <stdlib.h>
#include <pci/pci.h>

struct via_pci_names {
	struct pci_access *access;
};

/* A missing pci.ids is no trouble of ours: ids are printed as numbers then. */
static void say_nothing(char *message, ...)
{
}

struct via_pci_names *pci_names_new(void)
{
	static char parameter[] = "hwdb.disable", yes[] = "1";
	struct via_pci_names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	/* Names only: pci_init() is never called, so libpci touches no device. */
	names->access = pci_alloc();
	names->access->warning = say_nothing;
	names->access->debug = say_nothing;
	/* libpci 3.9 leaks at each look-up where udev's hardware database is not there. */
	pci_set_param(names->access, parameter, yes);
	return names;
}

void pci_names_free(struct via_pci_names *names)
{
	if (!names)
		return;
	pci_cleanup(names->access);
	free(names);
}

static const char *lookup(struct via_pci_names *names, struct via_arena *arena, int flags,
			  const struct via_fact *a, const struct via_fact *b)
{
	char text[256];
	const char *name;

	if (!names || !fact_is(a, VIA_PRESENT) || (b && !fact_is(b, VIA_PRESENT)))
		return NULL;
	name = pci_lookup_name(names->access, text, sizeof(text), flags | PCI_LOOKUP_NO_NUMBERS,
			       (int)a->number, b ? (int)b->number : 0);
	return name ? arena_strdup(arena, name) : NULL;
}

const char *pci_name_vendor(struct via_pci_names *names, struct via_arena *arena,
			    const struct via_pci_device *device)
{
	return lookup(names, arena, PCI_LOOKUP_VENDOR, &device->vendor, NULL);
}

const char *pci_name_device(struct via_pci_names *names, struct via_arena *arena,
			    const struct via_pci_device *device)
{
	return lookup(names, arena, PCI_LOOKUP_DEVICE, &device->vendor, &device->device);
}

const char *pci_name_class(struct via_pci_names *names, struct via_arena *arena,
			   const struct via_pci_device *device)
{
	struct via_fact class = device->class_code;

	class.number >>= 8;
	return lookup(names, arena, PCI_LOOKUP_CLASS, &class, NULL);
}
