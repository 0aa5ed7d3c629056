/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "probe/probe.h"
#include "sys/place.h"

/* What the files of the PCI probe share. */
static const char pci_directory[] = "sys/bus/pci/devices";

/* pci_enter - a handle on a function; @at: an open pci_directory, or -1 */
struct via_place pci_enter(const struct via_root *root, struct via_arena *arena, int at,
			   const char *name);

/* pci_probe_detail - what is not needed to know how functions belong together */
void pci_probe_detail(const struct via_place *place, struct via_arena *arena,
		      struct via_pci_device *device);

/* pci_probe_resources - BARs, ROM and those of VFs; part of the detail */
void pci_probe_resources(const struct via_place *place, struct via_arena *arena,
			 struct via_pci_device *device);

/**
 * pci_probe_config - the configuration space, as far as it may be read
 * @survey: only what decides about groups; else all capabilities
 */
void pci_probe_config(const struct via_place *place, struct via_arena *arena,
		      const struct via_host *host, bool survey, struct via_pci_device *device);
