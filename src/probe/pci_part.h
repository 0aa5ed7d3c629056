/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <limits.h>

#include "probe/probe.h"
#include "probe/pci_twins.h"
#include "sys/place.h"

/* What the files of the PCI probe share. */
static const char pci_directory[] = "sys/bus/pci/devices";

/**
 * struct via_pci_look - what each function's probe needs
 * @at: an open pci_directory, or -1
 * @plain: sysfs is a tree of plain files, and no function is behind them
 */
struct via_pci_look {
	const struct via_root *root;
	const struct via_host *host;
	int at;
	bool plain;
	struct via_pci_twins *twins;
};

enum { PCI_PATH_BYTES = sizeof(pci_directory) + NAME_MAX + 1 };

/**
 * pci_enter - a handle on a function
 * @at: an open pci_directory, or -1
 * @path: room for its path, for as long as the handle
 */
struct via_place pci_enter(const struct via_root *root, int at, const char *name,
			   char path[PCI_PATH_BYTES]);

/* pci_own_sriov / pci_own_handover - what is told so far, to be added to */
struct via_pci_sriov *pci_own_sriov(struct via_arena *arena, struct via_pci_device *device);
struct via_pci_handover *pci_own_handover(struct via_arena *arena, struct via_pci_device *device);

/* pci_is_plain - whether @at, or @root where that is -1, leads to plain files */
bool pci_is_plain(const struct via_root *root, int at);

/* pci_probe_sriov - of what a function is a VF, or which VFs it has */
void pci_probe_sriov(const struct via_place *place, struct via_arena *arena,
		     struct via_pci_device *device);

/* pci_probe_vf_places - where its VFs come to lie; part of the detail */
void pci_probe_vf_places(const struct via_place *place, struct via_arena *arena,
			 struct via_pci_device *device);

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
void pci_probe_config(const struct via_pci_look *look, const struct via_place *place,
		      struct via_arena *arena, bool survey, struct via_pci_device *device);
