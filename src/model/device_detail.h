/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "model/host.h"

/**
 * struct via_device_detail - what is asked of one function only when it is looked at closely
 *
 * Each of these costs one more file a function, so `check` and `list` do without. Nothing
 * here takes the device's lock or wakes it, but for @resize, asked only at VIA_DEPTH_WAKE.
 */
struct via_device_detail {
	const struct via_pci_device *device;

	struct via_fact rom;	 /* whether there is an attribute to read a ROM from */
	struct via_fact resizes; /* BARs that can be resized through sysfs; number: how many */
	struct via_fact resize[VIA_BARS]; /* text: hex bitmap, bit n = 2^(n + 20) bytes */

	struct via_fact d3cold_allowed;		       /* number */
	struct via_fact power_control, runtime_status; /* text: on, auto; active, suspended */
	struct via_fact local_cpus;		       /* text: 0-7,16-23 */
	struct via_fact label, acpi_index;	       /* firmware's name and number */
	struct via_fact vectors;		       /* number: MSI(-X) vectors that are in use */
	struct via_fact errors_correctable, errors_nonfatal, errors_fatal; /* numbers, AER */

	struct via_names variants; /* modules that are VFIO drivers for it; the fittest first */
	struct via_fact variants_known;
	struct via_names refused; /* of the modules that claim it, those that are blacklisted */
	struct via_fact refused_known;
};

/* What the link of a PCI Express function does, beside what it and the port above it could. */
struct via_device_link {
	const char *speed, *max_speed; /* GT/s: "8" */
	unsigned int width, max_width;
	const char *port_max_speed; /* NULL where the port above was not read */
	unsigned int port_max_width;
};

/**
 * device_link - from the function's own capability, which current_link_speed would wake
 * Return: whether it has a link and its configuration space was read that far
 */
bool device_link(const struct via_pci_device *device, struct via_device_link *ret);

/* device_link_degraded - less than both ends could */
bool device_link_degraded(const struct via_device_link *link);

/* One BAR that can be resized. */
struct via_device_rebar {
	unsigned int bar;
	uint64_t size, largest; /* bytes */
};

/* device_rebars - Return: how many the capability has; at most VIA_BARS are stored */
size_t device_rebars(const struct via_pci_device *device, struct via_device_rebar ret[VIA_BARS]);

/**
 * struct via_device_rom - what the function's resources say of its expansion ROM
 * @size: bytes; 0 where it has no address
 * @shadow: a copy that firmware left in memory stands for it
 */
struct via_device_rom {
	uint64_t size;
	bool shadow;
};

struct via_device_rom device_rom(const struct via_pci_device *device);

/* device_serial - its Device Serial Number, or NULL */
const char *device_serial(const struct via_pci_device *device);

/**
 * device_reset_victims - who else a reset of the bus it sits on would hit
 * @ret: at most @limit of them; may be NULL with 0
 *
 * Return: how many there are; 0 also on a root bus, which nothing can reset
 */
size_t device_reset_victims(const struct via_pci *pci, const struct via_pci_device *device,
			    const struct via_pci_device **ret, size_t limit);

/* device_reset_only_by_bus - whether the bus is its only way to be reset */
bool device_reset_only_by_bus(const struct via_pci_device *device);

/* reset_method_means - one word of reset_method in a clause, or NULL */
const char *reset_method_means(const char *method);

/* device_is_companion - another function of the same slot: a card's sound, USB, UCSI */
bool device_is_companion(const struct via_pci_device *device, const struct via_pci_device *other);
