/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"

/**
 * struct via_sriov_room - whether bus numbers suffice for all virtual functions
 * @buses_needed: beyond the physical function's own; 0 when none, or when it cannot be told
 * @buses_there: beyond its own, below the port above
 * @last_bus: where the last virtual function would sit
 */
struct via_sriov_room {
	unsigned int buses_needed, buses_there, last_bus;
};

/* Source: pci_iov_virtfn_bus() and sriov_enable() in drivers/pci/iov.c */
struct via_sriov_room sriov_room(const struct via_pci *pci, const struct via_pci_device *device);

/**
 * sriov_driver_can - whether its driver makes virtual functions when sriov_numvfs is written
 *
 * Return: VIA_PRESENT, or VIA_ABSENT for a driver that is known not to (or that is not
 * bound at all); VIA_UNKNOWN for one that is in neither list. DKMS may put another driver
 * of the same name in place.
 */
enum via_known sriov_driver_can(const struct via_host *host, const struct via_pci_device *device);

/* sriov_driver_words - the same in a clause, with what would help */
const char *sriov_driver_words(const struct via_host *host, const struct via_pci_device *device);

/**
 * sriov_bar_without_room - the VF BAR that firmware or kernel found no addresses for
 *
 * Without them no VF is made (ENOMEM). Source: sriov_enable() in drivers/pci/iov.c
 * Return: its number; -1 where each has its room, or that could not be told
 */
int sriov_bar_without_room(const struct via_pci_device *device);
