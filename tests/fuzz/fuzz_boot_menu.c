/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first byte chooses the language. */
#include "fuzz.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "decode/boot_menu.h"
#include "decode/grub_environment.h"

static int decode_entry(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu)
{
	loader_conf_decode(arena, text, menu);
	return boot_entry_decode(arena, "made-up+3-1.conf", text, menu);
}

static int decode_environment(struct via_arena *arena, struct via_span text,
			      struct via_boot_menu *menu)
{
	struct via_grub_environment environment;

	(void)menu;
	grub_environment_decode(arena, text, &environment);
	grub_variable(&environment, "saved_entry");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int (*const decoders[])(struct via_arena * arena, struct via_span text,
				       struct via_boot_menu * menu) = {
		decode_entry,		grub_config_decode,   grub_legacy_decode,
		extlinux_config_decode, limine_config_decode, refind_config_decode,
		refind_linux_decode,	decode_environment,
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_boot_menu menu = { 0 };

	if (!size)
		return 0;
	decoders[data[0] % VIA_COUNT(decoders)](arena, (struct via_span){ data + 1, size - 1 },
						&menu);
	via_for_each (entry, &menu.entries)
		if (entry->parent >= (int)menu.entries.count)
			abort();
	return 0;
}
