/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"
#include "base/names.h"

struct via_pci_device;

/* What is asked of graphics cards alone: there are few, and most trouble is theirs. */
struct via_graphics_card {
	const struct via_pci_device *device;
	struct via_fact d3cold_allowed; /* number */
	struct via_fact runtime_status; /* text */
};

/* The VFIO drivers of one pair of ids. */
struct via_vfio_variant {
	uint64_t vendor, device;
	struct via_fact known;
	struct via_names drivers; /* with underscores, without vfio_pci itself */
};

struct via_graphics {
	via_list(struct via_graphics_card) cards;
	via_list(struct via_vfio_variant) variants; /* of VFs and of what vfio-pci holds */
};
