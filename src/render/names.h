/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "model/pci.h"

/* Names of vendors, devices and classes from the pci.ids of this machine (where libpci has it),
 * in any thread, looked up
 * only when printed. NULL where there is none. */
struct via_pci_names;

struct via_pci_names *pci_names_new(void);
void pci_names_free(struct via_pci_names *names);

const char *pci_name_vendor(struct via_pci_names *names, struct via_arena *arena,
			    const struct via_pci_device *device);
const char *pci_name_device(struct via_pci_names *names, struct via_arena *arena,
			    const struct via_pci_device *device);
const char *pci_name_class(struct via_pci_names *names, struct via_arena *arena,
			   const struct via_pci_device *device);

static inline void cleanup_pci_names(struct via_pci_names **names)
{
	pci_names_free(*names);
}
