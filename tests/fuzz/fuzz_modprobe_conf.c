/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "decode/modprobe_conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_modprobe_conf conf;

	modprobe_conf_decode(arena, (struct via_span){ data, size }, &conf);
	via_for_each (line, &conf.lines)
		if (!line->module || !*line->module || !line->text || !line->number ||
		    line->kind >= VIA_MODPROBE_KINDS)
			abort();
	return 0;
}
