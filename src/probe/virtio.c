/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

static const char base[] = "sys/bus/virtio/devices";

/* "0110…": the first character is feature 0. Newer kernels print more than 64. */
static struct via_fact features_of(struct via_fact fact)
{
	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	fact.number = 0;
	for (unsigned int i = 0; fact.text[i]; i++) {
		if (fact.text[i] != '0' && fact.text[i] != '1')
			return fact_unknown(fact.path, EBADMSG);
		if (fact.text[i] == '1' && i < 64)
			fact.number |= UINT64_C(1) << i;
	}
	return fact;
}

static void probe_parent(const struct via_root *root, struct via_host *host,
			 struct via_virtio_device *device)
{
	struct via_fact link = root_link_target(root, host->arena, "%s/%s", base, device->name);
	struct via_pci_address address;
	char *path, *slash;

	if (!fact_is(&link, VIA_PRESENT))
		return;
	path = arena_strdup(host->arena, link.text);
	slash = strrchr(path, '/');
	if (!slash)
		return;
	*slash = '\0';
	device->parent = path_name(path);
	if (address_parse(device->parent, &address) == 0)
		device->device = pci_find(&host->pci, address);
}

void probe_virtio(const struct via_root *root, struct via_host *host)
{
	struct via_arena *arena = host->arena;
	struct via_names names;

	host->virtio.known = probe_entries(root, arena, &names, base);
	via_for_each (name, &names) {
		struct via_virtio_device *device = via_list_add(arena, &host->virtio.devices);

		device->name = *name;
		device->id = root_number(root, arena, "%s/%s/device", base, *name);
		device->driver = root_link(root, arena, "%s/%s/driver", base, *name);
		device->features =
			features_of(root_text(root, arena, "%s/%s/features", base, *name));
		probe_parent(root, host, device);
	}
}
