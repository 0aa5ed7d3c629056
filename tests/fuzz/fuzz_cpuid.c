/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/cpuid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	size_t count = size / sizeof(struct via_cpuid_leaf);
	struct via_cpuid_leaf *leaves = arena_memdup(arena, data, count * sizeof(*leaves));
	struct via_cpuid_facts facts;

	cpuid_decode(leaves, count, &facts);
	for (int i = 0; i < VIA_CPUID_FEATURES; i++)
		if (facts.known[i] == VIA_NOT_ASKED)
			abort();
	if (strlen(cpuid_hypervisor_name(arena, facts.hypervisor)) > 64)
		abort();
	return 0;
}
