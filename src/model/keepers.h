/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/keeping.h"
#include "model/pci.h"

/**
 * struct via_keepers - what other programs keep of this host's devices
 * @known: unknown where one of their files could not be read: there may be more
 */
struct via_keepers {
	struct via_fact known;
	struct via_keepings list;
};

/* keeping_is_of - whether it speaks of that function, by address or by the name of what the
 * function's driver made */
bool keeping_is_of(const struct via_keeping *keeping, const struct via_pci_device *device);
