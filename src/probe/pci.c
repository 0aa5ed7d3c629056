/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

static const char base[] = "sys/bus/pci/devices";

enum { CONFIG_BYTES = 4096 };

static struct via_fact attribute(const struct via_root *root, struct via_arena *arena,
				 const char *device, const char *name)
{
	return root_number(root, arena, "%s/%s/%s", base, device, name);
}

static void probe_identity(const struct via_root *root, struct via_arena *arena,
			   struct via_pci_device *device)
{
	device->vendor = attribute(root, arena, device->name, "vendor");
	device->device = attribute(root, arena, device->name, "device");
	device->class_code = attribute(root, arena, device->name, "class");
	device->subsystem_vendor = attribute(root, arena, device->name, "subsystem_vendor");
	device->subsystem_device = attribute(root, arena, device->name, "subsystem_device");
	device->revision = attribute(root, arena, device->name, "revision");
	device->numa_node = attribute(root, arena, device->name, "numa_node");
	device->boot_vga = attribute(root, arena, device->name, "boot_vga");
	device->modalias = root_text(root, arena, "%s/%s/modalias", base, device->name);
}

static void probe_binding(const struct via_root *root, struct via_arena *arena,
			  struct via_pci_device *device)
{
	struct via_fact group;

	device->driver = root_link(root, arena, "%s/%s/driver", base, device->name);
	group = root_link(root, arena, "%s/%s/iommu_group", base, device->name);
	if (fact_is(&group, VIA_PRESENT) && parse_u64(group.text, 10, &group.number) < 0)
		group = fact_unknown(group.path, EBADMSG);
	device->group = group;
	device->reset_method = root_text(root, arena, "%s/%s/reset_method", base, device->name);
	device->reset = root_exists(root, arena, "%s/%s/reset", base, device->name);
	device->power_state = root_text(root, arena, "%s/%s/power_state", base, device->name);
}

/* virtfn0, virtfn1 … link to the VFs; counting them takes no device lock, unlike
 * sriov_numvfs. */
static void probe_sriov(const struct via_root *root, struct via_arena *arena,
			struct via_pci_device *device)
{
	device->physfn = root_link(root, arena, "%s/%s/physfn", base, device->name);
	device->sriov_total = attribute(root, arena, device->name, "sriov_totalvfs");
	if (!fact_is(&device->sriov_total, VIA_PRESENT))
		return;
	device->sriov_offset = attribute(root, arena, device->name, "sriov_offset");
	device->sriov_stride = attribute(root, arena, device->name, "sriov_stride");
	device->sriov_vf_device =
		root_hex(root, arena, "%s/%s/sriov_vf_device", base, device->name);
	device->sriov_autoprobe = attribute(root, arena, device->name, "sriov_drivers_autoprobe");
	for (unsigned int i = 0; i < fact_number(&device->sriov_total, 0); i++) {
		struct via_fact link =
			root_link(root, arena, "%s/%s/virtfn%u", base, device->name, i);

		if (!fact_is(&link, VIA_PRESENT))
			break;
		*via_list_add(arena, &device->virtfns) = link.text;
	}
}

static void probe_resources(const struct via_root *root, struct via_arena *arena,
			    struct via_pci_device *device)
{
	const char *line;
	bool junk = false;

	device->resource = root_text(root, arena, "%s/%s/resource", base, device->name);
	line = fact_text(&device->resource);
	while (line && device->resource_count < VIA_RESOURCES && !junk) {
		unsigned long long start, end, flags;

		junk = sscanf(line, "%llx %llx %llx", &start, &end, &flags) != 3 || end < start;
		if (junk)
			break;
		device->resources[device->resource_count++] =
			(struct via_resource){ .start = start, .end = end, .flags = flags };
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (junk) {
		device->resource = fact_unknown(device->resource.path, EBADMSG);
		device->resource_count = 0;
	}
}

/* Reading the configuration space resumes a sleeping function; power_state does not. */
static bool may_read_config(const struct via_root *root, const struct via_host *host,
			    const struct via_pci_device *device)
{
	const char *state = fact_text(&device->power_state);
	bool awake = !state || strcmp(state, "D0") == 0 || strcmp(state, "unknown") == 0;

	if (!root_as_live(root) || host->depth == VIA_DEPTH_WAKE)
		return true;
	if (!awake)
		return false;
	return host->depth >= VIA_DEPTH_CONFIG || pci_is_bridge(device);
}

static void probe_config(const struct via_root *root, struct via_host *host,
			 struct via_pci_device *device)
{
	if (!may_read_config(root, host, device)) {
		if (host->depth >= VIA_DEPTH_CONFIG)
			device->config.fact = fact_unknown(
				arena_printf(host->arena, "%s/%s/config (asleep: %s)", base,
					     device->name, fact_text(&device->power_state)),
				EAGAIN);
		return;
	}
	device->config =
		root_blob(root, host->arena, CONFIG_BYTES, "%s/%s/config", base, device->name);
	if (fact_is(&device->config.fact, VIA_PRESENT))
		capabilities_decode(host->arena, device->config.span, &device->capabilities);
}

/* The function that the last part of a path names, which is cut off; NULL if it names none. */
static const struct via_pci_device *cut_function(struct via_host *host, char *path)
{
	char *slash = strrchr(path, '/');
	struct via_pci_address address;

	if (!slash)
		return NULL;
	*slash = '\0';
	return address_parse(path_name(path), &address) < 0 ? NULL : pci_find(&host->pci, address);
}

/*
 * …/0000:00:03.0/0000:02:00.0: the bridge above is the name before the last.
 * …/0000:00:0e.0/pci10000:e0/10000:e0:06.0: a root bus below a function, which is VMD.
 */
static void probe_place(const struct via_root *root, struct via_host *host,
			struct via_pci_device *device)
{
	struct via_fact link = root_link_target(root, host->arena, "%s/%s", base, device->name);
	char *path;

	if (!fact_is(&link, VIA_PRESENT))
		return;
	path = arena_strdup(host->arena, link.text);
	device->parent = cut_function(host, path);
	/* A bus below has a higher number; what says otherwise may lead in circles. */
	if (device->parent && address_compare(device->parent->address, device->address) >= 0)
		device->parent = NULL;
	if (device->parent)
		device->dma_device = device->parent->dma_device;
	else if (text_starts(path_name(path), "pci"))
		device->dma_device = cut_function(host, path);
}

/* sys/bus/pci/slots/NAME/address is the address without its function. */
static void probe_slots(const struct via_root *root, struct via_host *host)
{
	struct via_names slots;

	root_entries(root, host->arena, &slots, "sys/bus/pci/slots");
	via_for_each (slot, &slots) {
		struct via_fact fact =
			root_text(root, host->arena, "sys/bus/pci/slots/%s/address", *slot);
		struct via_pci_address at;

		if (!fact_is(&fact, VIA_PRESENT) ||
		    address_parse(arena_printf(host->arena, "%s.0", fact.text), &at) < 0)
			continue;
		via_for_each (device, &host->pci.devices)
			if (device->address.domain == at.domain && device->address.bus == at.bus &&
			    device->address.device == at.device)
				device->slot = fact_present(fact.path, *slot, 1);
	}
}

void probe_pci(const struct via_root *root, struct via_host *host)
{
	struct via_names names;

	host->pci.bus = root_entries(root, host->arena, &names, "%s", base);
	via_for_each (name, &names) {
		struct via_pci_device *device;
		struct via_pci_address address;

		if (address_parse(*name, &address) < 0)
			continue;
		device = via_list_add(host->arena, &host->pci.devices);
		device->address = address;
		device->name = *name;
		probe_identity(root, host->arena, device);
		probe_binding(root, host->arena, device);
		probe_sriov(root, host->arena, device);
		probe_resources(root, host->arena, device);
		probe_config(root, host, device);
	}
	via_for_each (device, &host->pci.devices)
		probe_place(root, host, device);
	probe_slots(root, host);
}

void probe_overrides(const struct via_root *root, struct via_host *host)
{
	via_for_each (device, &host->pci.devices) {
		device->override =
			root_text(root, host->arena, "%s/%s/driver_override", base, device->name);
		if (fact_text(&device->override) && strcmp(device->override.text, "(null)") == 0)
			device->override.text = "";
	}
}
