/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"
#include "base/vf_setting.h"
#include "model/pci.h"

/**
 * struct via_virtfn_network - what a network PF's driver keeps for one VF
 * @index: from 0, as in virtfnN
 * @values: by setting; NULL where the driver tells none
 */
struct via_virtfn_network {
	const struct via_pci_device *pf;
	unsigned int index;
	const char *values[VIA_VF_SETTINGS];
};

/**
 * struct via_virtfns - settings of VFs
 * @known: not asked where no network PF has VFs on
 */
struct via_virtfns {
	struct via_fact known;
	via_list(struct via_virtfn_network) networks;
};

/* virtfn_network - of VF @index of @pf; NULL where its driver told nothing */
const struct via_virtfn_network *virtfn_network(const struct via_virtfns *virtfns,
						const struct via_pci_device *pf,
						unsigned int index);

/**
 * virtfn_address - where VF @index of @pf sits, or will sit
 *
 * Source: PCI Express Base 9.3.3.9: the requester id counts on from the PF's
 * Return: as sysfs spells it, in @arena; NULL where offset and stride are not told
 */
const char *virtfn_address(struct via_arena *arena, const struct via_pci_device *pf,
			   unsigned int index);
