/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "model/host.h"

/* Source validation, request and completion redirect, upstream forwarding. */
enum { VIA_ACS_REQUIRED = 0x1d, VIA_ACS_EGRESS_CONTROL = 0x20 };

/* Whether a function keeps its peers apart, as the kernel judges it. */
enum via_isolation {
	VIA_ISOLATION_UNKNOWN, /* its configuration space could not be read that far */
	VIA_ISOLATION_NONE,
	VIA_ISOLATION_FULL,
};

/**
 * struct via_isolation_judgement - the verdict on one function, and its ground
 * @quirk: by the kernel's table of particular devices, not by its registers
 * @why: in a clause: "no ACS capability", "ACS control 0x0000 of capability 0x001d"
 */
struct via_isolation_judgement {
	enum via_isolation isolation;
	bool quirk;
	const char *why;
};

/* The @why of every VIA_ISOLATION_UNKNOWN. */
extern const char isolation_unread[];

/* isolation_is_port - a root or downstream port, or a bridge that stands in its place */
bool isolation_is_port(const struct via_pci_device *device);

/**
 * isolation_express - whether a function is PCI Express, and of which kind
 * @ret: set only with VIA_PRESENT
 *
 * Return: VIA_PRESENT; VIA_ABSENT for conventional PCI; VIA_UNKNOWN when its configuration
 *         space was not read that far
 */
enum via_known isolation_express(const struct via_pci_device *device, enum via_pcie_type *ret);

/**
 * isolation_multifunction - whether the kernel takes it for one of several functions
 *
 * Source: pci_setup_device(), pci_scan_slot() and pci_iov_add_virtfn() in drivers/pci
 */
enum via_known isolation_multifunction(const struct via_pci_device *device);

/**
 * isolation_judge - whether a function, port or endpoint, keeps its peers apart
 * @arena: for the judgement's words
 *
 * With no IOMMU driven the kernel has not switched ACS on yet: what the capability offers
 * counts as on, since it would be.
 *
 * Source: pci_acs_enabled() and pci_enable_acs() in drivers/pci/pci.c; acs_quirk()
 */
struct via_isolation_judgement isolation_judge(const struct via_host *host,
					       const struct via_pci_device *device,
					       struct via_arena *arena);

/* isolation_matters - for each function: more than one is behind it, or one that can make VFs */
const bool *isolation_matters(struct via_arena *arena, const struct via_pci *pci);
