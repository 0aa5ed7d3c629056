/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include "base/cleanup.h"
#include "decode/keeping.h"
#include "decode/line.h"

/* The files of other programs, whichever this may be. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span text = { .data = data, .size = size };
	const struct via_proxmox_mappings mappings = { .text = text };
	struct via_keepings list = { 0 };

	keeping_driverctl(arena, "fuzz", "pci-0000:01:00.0", text, &list);
	keeping_netplan(arena, "fuzz", text, &list);
	keeping_networkd(arena, "fuzz", text, &list);
	keeping_udev(arena, "fuzz", text, &list);
	keeping_libvirt(arena, "fuzz", text, true, &list);
	keeping_libvirt_network(arena, "fuzz", text, true, &list);
	keeping_proxmox(arena, "fuzz", "VM 100", text, &mappings, &list);
	keeping_proxmox(arena, "fuzz", "VM 100", span_of_text("hostpci0: mapping=a\n"), &mappings,
			&list);
	via_for_each (keeping, &list)
		keeping_covers(keeping->device, "0000:01:00.0");
	return 0;
}
