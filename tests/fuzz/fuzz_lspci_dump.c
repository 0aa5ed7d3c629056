/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "decode/lspci_dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span text = { .data = data, .size = size };
	struct via_lspci_dump dump;

	lspci_dump_decode(arena, text, &dump);
	return 0;
}
