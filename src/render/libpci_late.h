/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <pci/pci.h>
#include <stdbool.h>

/* libpci is needed where pci.ids is compressed, or not where it was when this was built. */
#define LIBPCI_CALLS(CALL)    \
	CALL(pci_alloc)       \
	CALL(pci_cleanup)     \
	CALL(pci_lookup_name) \
	CALL(pci_set_param)

struct via_libpci {
#define VIA_CALL(name) typeof(name) *name;
	LIBPCI_CALLS(VIA_CALL)
#undef VIA_CALL
};

extern struct via_libpci via_libpci;

/**
 * libpci_load - must have said true before any of the calls
 * Return: whether the library is there, with all that is needed of it
 */
bool libpci_load(void);

#ifndef VIA_LIBPCI_NAMES_ONLY
#define pci_alloc	via_libpci.pci_alloc
#define pci_cleanup	via_libpci.pci_cleanup
#define pci_lookup_name via_libpci.pci_lookup_name
#define pci_set_param	via_libpci.pci_set_param
#endif
