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

/* Whether what a keeper says is of a device; perhaps: where not all that it asks for can be
 * compared here. */
enum via_belongs { VIA_BELONGS_NOT, VIA_BELONGS_PERHAPS, VIA_BELONGS };

/* keeping_belongs - by address, by the name of what the function's driver made, or by what the
 * keeper asks of devices */
enum via_belongs keeping_belongs(const struct via_keeping *keeping,
				 const struct via_pci_device *device);

/* keeping_is_of - whether it is sure to */
bool keeping_is_of(const struct via_keeping *keeping, const struct via_pci_device *device);
