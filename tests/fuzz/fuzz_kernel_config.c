/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "decode/kernel_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_kernel_config config;

	if (kernel_config_decode(arena, (struct via_span){ data, size }, &config) < 0)
		return 0;
	for (int i = 0; i < VIA_KERNEL_OPTION_COUNT; i++)
		if (!config.values[i])
			abort();
	return 0;
}
