/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "decode/smbios.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span table = { .data = data, .size = size }, clean;
	struct via_smbios_entry entry;
	struct via_smbios before, after;
	int r = smbios_decode(arena, table, &before);

	if ((r < 0) != (before.trouble != NULL))
		abort();
	clean = smbios_without_secrets(arena, table);
	if (clean.size > size)
		abort();
	/* What is left out was not looked at either. */
	smbios_decode(arena, clean, &after);
	if (!before.trouble && after.slots.count != before.slots.count)
		abort();
	smbios_entry_decode(table, &entry);
	return 0;
}
