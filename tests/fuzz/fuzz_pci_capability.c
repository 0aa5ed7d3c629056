/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "decode/pci_capability.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span config = { .data = data, .size = size };
	struct via_capabilities found;
	struct via_sriov sriov;
	enum via_pcie_type type;
	struct via_acs acs;

	capabilities_decode(arena, config, &found);
	capability_pcie_type(&found, config, &type);
	capability_acs(&found, config, &acs);
	capability_sriov(&found, config, &sriov);
	capability_has_flr(&found, config);
	return 0;
}
