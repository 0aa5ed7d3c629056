/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

/**
 * struct via_module_signature - what stands behind a kernel module's code
 * @there: the trailer "~Module signature appended~" is
 * @signer: the common name of who issued the key; NULL when it was not found
 */
struct via_module_signature {
	bool there;
	const char *signer;
};

/**
 * module_signature_decode - from the last bytes of an uncompressed module
 * Source: Documentation/admin-guide/module-signing.rst, struct module_signature
 */
void module_signature_decode(struct via_arena *arena, struct via_span tail,
			     struct via_module_signature *ret);
