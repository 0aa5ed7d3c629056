/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/opened.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

/*
 * Where devtmpfs puts the nodes of a class. Left out are event devices (whoever draws the
 * desktop has all of them open) and mixers (likewise); what of them matters is told by
 * holders_input().
 */
static const struct {
	const char *name, *directory, *prefix;
} classes[] = {
	{ "nvme", "/dev/", "" },
	{ "nvme-generic", "/dev/", "" },
	{ "scsi_generic", "/dev/", "" },
	{ "drm", "/dev/dri/", "card" },
	{ "drm", "/dev/dri/", "renderD" },
	{ "accel", "/dev/accel/", "" },
	{ "sound", "/dev/snd/", "pcm" },
	{ "sound", "/dev/snd/", "midi" },
	{ "video4linux", "/dev/", "" },
	{ "hidraw", "/dev/", "" },
	{ "infiniband_verbs", "/dev/infiniband/", "" },
	{ "tpm", "/dev/", "" },
	{ "tpmrm", "/dev/", "" },
	{ "watchdog", "/dev/", "" },
	{ "tty", "/dev/", "tty" },
	{ "ptp", "/dev/", "" },
	{ "uio", "/dev/", "" },
	{ "mei", "/dev/", "" },
};

static void add(struct via_nodes *nodes, struct via_holding *holding, struct via_node node)
{
	*via_list_add(holding->arena, &nodes->list) = node;
}

static struct via_pci_device *owner_at(struct via_holding *holding, const char *directory,
				       const char *entry)
{
	struct via_fact link;
	struct via_pci_device *device = holding_behind(holding, directory, entry, &link);

	holding_untold_all(holding, link);
	return device;
}

static void add_class(struct via_nodes *nodes, struct via_holding *holding, size_t row)
{
	const char *directory = arena_printf(holding->arena, "sys/class/%s", classes[row].name);
	struct via_names entries;

	holding_untold_all(holding,
			   root_entries(holding->root, holding->arena, &entries, "%s", directory));
	via_for_each (entry, &entries) {
		struct via_pci_device *function;

		/* card0-HDMI-A-1 is no node. */
		if (!text_starts(*entry, classes[row].prefix) ||
		    (strcmp(classes[row].name, "drm") == 0 && strchr(*entry, '-')))
			continue;
		function = owner_at(holding, directory, *entry);
		if (function)
			add(nodes, holding,
			    (struct via_node){ .path = arena_printf(holding->arena, "%s%s",
								    classes[row].directory, *entry),
					       .function = function });
	}
}

/* dvb0.frontend0 is /dev/dvb/adapter0/frontend0. */
static void add_dvb(struct via_nodes *nodes, struct via_holding *holding)
{
	static const char directory[] = "sys/class/dvb";
	struct via_names entries;
	unsigned int adapter;

	holding_untold_all(holding,
			   root_entries(holding->root, holding->arena, &entries, "%s", directory));
	via_for_each (entry, &entries) {
		const char *dot = strchr(*entry, '.');
		struct via_pci_device *function;

		if (!dot || sscanf(*entry, "dvb%u.", &adapter) != 1)
			continue;
		function = owner_at(holding, directory, *entry);
		if (function)
			add(nodes, holding,
			    (struct via_node){ .path = arena_printf(holding->arena,
								    "/dev/dvb/adapter%u/%s",
								    adapter, dot + 1),
					       .function = function });
	}
}

/* usb1, usb2 …: /dev/bus/usb/001/ has a node for each device of that bus. */
static void add_usb(struct via_nodes *nodes, struct via_holding *holding)
{
	static const char directory[] = "sys/bus/usb/devices";
	struct via_names entries;
	unsigned int bus;

	holding_untold_all(holding,
			   root_entries(holding->root, holding->arena, &entries, "%s", directory));
	via_for_each (entry, &entries) {
		struct via_pci_device *function;

		if (sscanf(*entry, "usb%u", &bus) != 1)
			continue;
		function = owner_at(holding, directory, *entry);
		if (function)
			add(nodes, holding,
			    (struct via_node){
				    .path = arena_printf(holding->arena, "/dev/bus/usb/%03u/", bus),
				    .function = function });
	}
}

/* NVIDIA's own driver has no class: proc/driver/nvidia/gpus/0000:01:00.0/information */
static void add_nvidia(struct via_nodes *nodes, struct via_holding *holding)
{
	struct via_names entries;

	holding_untold_all(holding, root_entries(holding->root, holding->arena, &entries,
						 "proc/driver/nvidia/gpus"));
	via_for_each (entry, &entries) {
		struct via_pci_device *function = holding_owner(holding, *entry);
		struct via_fact text = root_text(holding->root, holding->arena,
						 "proc/driver/nvidia/gpus/%s/information", *entry);
		const char *line = fact_text(&text) ? strstr(text.text, "Device Minor:") : NULL;
		unsigned int minor;

		if (function)
			holding_untold(function, text);
		if (function && line && sscanf(line, "Device Minor: %u", &minor) == 1)
			add(nodes, holding,
			    (struct via_node){
				    .path = arena_printf(holding->arena, "/dev/nvidia%u", minor),
				    .function = function });
	}
}

static void add_kfd_node(struct via_nodes *nodes, struct via_holding *holding, const char *entry)
{
	struct via_fact text = root_text(holding->root, holding->arena,
					 "sys/class/kfd/kfd/topology/nodes/%s/properties", entry);
	const char *location = fact_text(&text) ? strstr(text.text, "\nlocation_id ") : NULL;
	const char *domain = fact_text(&text) ? strstr(text.text, "\ndomain ") : NULL;
	unsigned int at, number = 0;
	struct via_pci_device *function;

	holding_untold_all(holding, text);
	/* A processor is a node as well, at 0. */
	if (!location || sscanf(location, "\nlocation_id %u", &at) != 1 || !at)
		return;
	if (domain)
		sscanf(domain, "\ndomain %u", &number);
	function = holding_owner(holding, arena_printf(holding->arena, "%04x:%02x:%02x.%x", number,
						       at >> 8, at >> 3 & 0x1f, at & 7));
	if (function)
		add(nodes, holding, (struct via_node){ .path = "/dev/kfd", .function = function });
}

/* All of AMD's compute goes through one node, whichever card it is meant for. Source:
 * drivers/gpu/drm/amd/amdkfd/kfd_topology.c, node_show() */
static void add_kfd(struct via_nodes *nodes, struct via_holding *holding)
{
	struct via_names entries;

	holding_untold_all(holding, root_entries(holding->root, holding->arena, &entries,
						 "sys/class/kfd/kfd/topology/nodes"));
	via_for_each (entry, &entries)
		add_kfd_node(nodes, holding, *entry);
}

/* Without an IOMMU the group's node has another name. */
static void add_vfio_group(struct via_nodes *nodes, struct via_holding *holding,
			   struct via_pci_device *device, const char *prefix)
{
	add(nodes, holding,
	    (struct via_node){ .path = arena_printf(holding->arena, "/dev/vfio/%s%s", prefix,
						    device->group.text),
			       .function = device,
			       .vfio = true });
}

static void add_vfio(struct via_nodes *nodes, struct via_holding *holding)
{
	struct via_names entries;

	via_for_each (device, &holding->host->pci.devices) {
		const char *driver = fact_text(&device->driver);

		if (!driver || !pci_driver_is_vfio(driver) || !fact_text(&device->group))
			continue;
		add_vfio_group(nodes, holding, device, "");
		add_vfio_group(nodes, holding, device, "noiommu-");
	}
	holding_untold_all(holding, root_entries(holding->root, holding->arena, &entries,
						 "sys/class/vfio-dev"));
	via_for_each (entry, &entries) {
		struct via_pci_device *function = owner_at(holding, "sys/class/vfio-dev", *entry);

		if (function)
			add(nodes, holding,
			    (struct via_node){ .path = arena_printf(holding->arena,
								    "/dev/vfio/devices/%s", *entry),
					       .function = function,
					       .vfio = true });
	}
}

/* What is made of nothing, or of a part of a function: mediated and vDPA devices. */
static void add_user(struct via_nodes *nodes, struct via_holding *holding, const char *directory,
		     const char *name, const char **user)
{
	if (name)
		add(nodes, holding,
		    (struct via_node){
			    .path = arena_printf(holding->arena, "%s%s", directory, name),
			    .user = user });
}

static void add_virtual(struct via_nodes *nodes, struct via_holding *holding)
{
	via_for_each (mdev, &holding->host->mediated.devices) {
		add_user(nodes, holding, "/dev/vfio/", fact_text(&mdev->group), &mdev->user);
		add_user(nodes, holding, "/dev/vfio/devices/", mdev->node, &mdev->user);
	}
	for (size_t i = 0; i < holding->host->vdpa.vduse.count; i++)
		add_user(nodes, holding, "/dev/vduse/", holding->host->vdpa.vduse.items[i],
			 &holding->host->vdpa.vduse_servers[i]);
	via_for_each (vdpa, &holding->host->vdpa.devices) {
		add_user(nodes, holding, "/dev/", vdpa->node, &vdpa->user);
		add_user(nodes, holding, "/dev/", vdpa->disk, &vdpa->user);
	}
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct via_node *)a)->path, ((const struct via_node *)b)->path);
}

void nodes_gather(struct via_nodes *ret, struct via_holding *holding, struct via_disks *disks)
{
	struct via_nodes nodes = { .disks = disks };

	for (size_t row = 0; row < VIA_COUNT(classes); row++)
		add_class(&nodes, holding, row);
	add_dvb(&nodes, holding);
	add_usb(&nodes, holding);
	add_nvidia(&nodes, holding);
	add_kfd(&nodes, holding);
	add_vfio(&nodes, holding);
	add_virtual(&nodes, holding);
	via_for_each (disk, &disks->list)
		add(&nodes, holding,
		    (struct via_node){ .path = arena_printf(holding->arena, "/dev/%s", disk->name),
				       .disk = disk->name });
	if (nodes.list.count)
		qsort(nodes.list.items, nodes.list.count, sizeof(*nodes.list.items), compare);
	*ret = nodes;
}

/* The nodes of a USB bus are told by their directory. */
static const char *directory_of(const char *target, char *buffer, size_t size)
{
	const char *slash = strrchr(target, '/');

	if (!text_starts(target, "/dev/bus/usb/") || (size_t)(slash - target) + 2 > size)
		return target;
	memcpy(buffer, target, (size_t)(slash - target) + 1);
	buffer[slash - target + 1] = '\0';
	return buffer;
}

const struct via_node *nodes_find(const struct via_nodes *nodes, const char *target)
{
	char buffer[64];
	const struct via_node key = { .path = directory_of(target, buffer, sizeof(buffer)) };
	const struct via_node *found = NULL;

	if (nodes->list.count)
		found = bsearch(&key, nodes->list.items, nodes->list.count,
				sizeof(*nodes->list.items), compare);
	while (found && found > nodes->list.items && compare(found - 1, &key) == 0)
		found--;
	return found;
}

const struct via_node *nodes_next(const struct via_nodes *nodes, const struct via_node *node)
{
	const struct via_node *next = node + 1;

	return next < nodes->list.items + nodes->list.count && compare(next, node) == 0 ? next
											: NULL;
}
