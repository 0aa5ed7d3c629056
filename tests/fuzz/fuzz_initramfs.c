/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An image, and an index of one as a recording holds it. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/initramfs.h"
#include "decode/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span bytes = { data, size };
	struct via_image image = image_of_span(&bytes);
	struct via_initramfs index, again;
	const char *trouble = NULL;

	if (initramfs_decode(arena, &image, &index, &trouble) < 0) {
		if (!trouble)
			abort();
	} else if (initramfs_from_text(arena, span_of_text(initramfs_to_text(arena, &index)),
				       &again) < 0) {
		abort();
	}
	initramfs_from_text(arena, bytes, &again);
	return 0;
}
