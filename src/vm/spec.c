/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vm/spec.h"

/* What a guest needs locked beyond its memory: firmware, ROMs, video (libvirt takes as much). */
#define MEMLOCK_MARGIN (1ULL << 30)

struct via_vm_spec *spec_new(struct via_arena *arena)
{
	struct via_vm_spec *spec = arena_new_object(arena, struct via_vm_spec);

	spec->name = "guest";
	spec->memory_mib = 1024;
	spec->cpus = 1;
	return spec;
}

uint64_t spec_memlock_bytes(const struct via_vm_spec *spec)
{
	return spec->devices.count ? (spec->memory_mib << 20) + MEMLOCK_MARGIN : 0;
}
