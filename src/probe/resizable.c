/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"

enum { MEM_64 = 0x00100000, PREFETCH = 0x2000 };

/* Reading the attribute resumes the function (drivers/pci/pci-sysfs.c, 6.1+). */
static bool is_asleep(const struct via_pci_device *device)
{
	const char *state = fact_text(&device->power_state);

	return state && strcmp(state, "D0") != 0 && strcmp(state, "unknown") != 0;
}

/* The bits are sizes, from 1 MiB up. */
static uint64_t largest_of(uint64_t sizes)
{
	return sizes ? 1ULL << 20 << (63 - (unsigned int)__builtin_clzll(sizes)) : 0;
}

static void probe_bar(const struct via_root *root, struct via_host *host,
		      const struct via_pci_device *device, unsigned int index)
{
	const struct via_resource *bar = &device->resources[index];
	struct via_fact sizes = root_hex(
		root, host->arena, "sys/bus/pci/devices/%s/resource%u_resize", device->name, index);

	if (!fact_is(&host->firmware.resizable, VIA_PRESENT))
		host->firmware.resizable = sizes;
	if (!fact_is(&sizes, VIA_PRESENT) || sizes.number >> 43)
		return;
	*via_list_add(host->arena, &host->firmware.resizable_bars) = (struct via_resizable_bar){
		.address = device->address,
		.index = index,
		.size = bar->end - bar->start + 1,
		.largest = largest_of(sizes.number),
	};
}

void probe_resizable(const struct via_root *root, struct via_host *host)
{
	via_for_each (device, &host->pci.devices) {
		if (!pci_class_is(device, 0x030000, 0xff0000) ||
		    fact_is(&device->physfn, VIA_PRESENT))
			continue;
		if (root_as_live(root) && is_asleep(device)) {
			if (!fact_is(&host->firmware.resizable, VIA_PRESENT))
				host->firmware.resizable = fact_unknown(
					arena_printf(host->arena, "sys/bus/pci/devices/%s (asleep)",
						     device->name),
					EAGAIN);
			continue;
		}
		for (unsigned int i = 0; i < VIA_BARS && i < device->resource_count; i++)
			if ((device->resources[i].flags & MEM_64) &&
			    (device->resources[i].flags & PREFETCH) && device->resources[i].end)
				probe_bar(root, host, device, i);
	}
}
