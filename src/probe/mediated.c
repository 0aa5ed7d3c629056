/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/file_state.h"

static const char class[] = "sys/class/mdev_bus";
static const char bus[] = "sys/bus/mdev/devices";
static const char kept[] = "etc/mdevctl.d";

enum { DEFINITION_BYTES = 64 * 1024 };

static const struct via_pci_device *function_named(const struct via_host *host, const char *name)
{
	struct via_pci_address address;

	return address_parse(name, &address) < 0 ? NULL : pci_find(&host->pci, address);
}

static void probe_type(const struct via_root *root, struct via_arena *arena,
		       struct via_mdev_parent *parent, const char *id)
{
	struct via_mdev_type *type = via_list_add(arena, &parent->types);
	const char *path =
		arena_printf(arena, "%s/%s/mdev_supported_types/%s", class, parent->name, id);

	type->id = id;
	type->name = root_text(root, arena, "%s/name", path);
	type->api = root_text(root, arena, "%s/device_api", path);
	type->available = root_number(root, arena, "%s/available_instances", path);
	type->description = root_text(root, arena, "%s/description", path);
}

static void probe_parents(const struct via_root *root, struct via_host *host)
{
	struct via_mediated *mediated = &host->mediated;
	struct via_names names, types;

	mediated->parents_known = probe_entries(root, host->arena, &names, class);
	via_for_each (name, &names) {
		struct via_mdev_parent *parent = via_list_add(host->arena, &mediated->parents);

		parent->name = *name;
		parent->device = function_named(host, *name);
		parent->types_known = root_entries(root, host->arena, &types,
						   "%s/%s/mdev_supported_types", class, *name);
		via_for_each (type, &types)
			probe_type(root, host->arena, parent, *type);
	}
}

/* ../../../devices/pci0000:00/0000:00:02.0/UUID: the parent is the name before the last. */
static const char *parent_of(struct via_arena *arena, const struct via_fact *link)
{
	char *path, *slash;

	if (!fact_is(link, VIA_PRESENT))
		return NULL;
	path = arena_strdup(arena, link->text);
	slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	return path_name(path);
}

static const char *node_of(const struct via_root *root, struct via_arena *arena, const char *uuid)
{
	struct via_names names;

	root_entries(root, arena, &names, "%s/%s/vfio-dev", bus, uuid);
	return names.count ? names.items[0] : NULL;
}

static void probe_devices_made(const struct via_root *root, struct via_host *host)
{
	struct via_mediated *mediated = &host->mediated;
	struct via_arena *arena = host->arena;
	struct via_names names;

	mediated->devices_known = probe_entries(root, arena, &names, bus);
	via_for_each (name, &names) {
		struct via_mdev *device = via_list_add(arena, &mediated->devices);
		struct via_fact link = root_link_target(root, arena, "%s/%s", bus, *name);

		device->uuid = *name;
		device->parent = parent_of(arena, &link);
		device->type = root_link(root, arena, "%s/%s/mdev_type", bus, *name);
		device->group = root_link(root, arena, "%s/%s/iommu_group", bus, *name);
		device->driver = root_link(root, arena, "%s/%s/driver", bus, *name);
		device->node = node_of(root, arena, *name);
	}
}

static bool is_made(const struct via_mediated *mediated, const char *uuid)
{
	via_for_each (device, &mediated->devices)
		if (strcmp(device->uuid, uuid) == 0)
			return true;
	return false;
}

/* mdevctl's file is {"mdev_type": "…", "start": "auto"|"manual", "attrs": […]}. */
static void read_definition(const struct via_root *root, struct via_host *host,
			    struct via_mdev_definition *definition)
{
	struct via_file *file = &definition->file;
	struct via_fact read = root_file(
		root, host->arena, DEFINITION_BYTES,
		arena_printf(host->arena, "%s/%s/%s", kept, definition->parent, definition->uuid),
		file);
	const char *type, *start;
	json_t *json;

	if (fact_is(&read, VIA_UNKNOWN))
		host->mediated.definitions_known = read;
	if (!fact_is(&read, VIA_PRESENT))
		return;
	json = json_loadb((const char *)file->content.data, file->content.size, 0, NULL);
	type = json_string_value(json_object_get(json, "mdev_type"));
	start = json_string_value(json_object_get(json, "start"));
	definition->type = type ? arena_strdup(host->arena, type) : NULL;
	definition->automatic = start && strcmp(start, "auto") == 0;
	json_decref(json);
}

static void probe_definitions(const struct via_root *root, struct via_host *host)
{
	struct via_mediated *mediated = &host->mediated;
	struct via_names parents, uuids;

	mediated->mdevctl = root_exists(root, host->arena, "usr/sbin/mdevctl");
	if (!fact_is(&mediated->mdevctl, VIA_PRESENT))
		mediated->mdevctl = root_exists(root, host->arena, "usr/bin/mdevctl");
	mediated->definitions_known = probe_entries(root, host->arena, &parents, kept);
	via_for_each (parent, &parents) {
		struct via_fact folder;

		/* Hooks of its own, not a parent. */
		if (strcmp(*parent, "scripts.d") == 0)
			continue;
		folder = root_entries(root, host->arena, &uuids, "%s/%s", kept, *parent);
		if (fact_is(&folder, VIA_UNKNOWN))
			mediated->definitions_known = folder;
		via_for_each (uuid, &uuids) {
			struct via_mdev_definition *definition =
				via_list_add(host->arena, &mediated->definitions);

			definition->parent = *parent;
			definition->uuid = *uuid;
			definition->exists = is_made(mediated, *uuid);
			read_definition(root, host, definition);
		}
	}
}

/* Where kernels lost the interfaces for mdev, NVIDIA's driver puts vGPUs on its VFs. */
static void probe_vgpus(const struct via_root *root, struct via_host *host)
{
	static const char driver[] = "sys/bus/pci/drivers/nvidia";
	struct via_mediated *mediated = &host->mediated;
	struct via_arena *arena = host->arena;
	struct via_names names;

	mediated->vgpus_known = probe_entries(root, arena, &names, driver);
	via_for_each (name, &names) {
		const struct via_pci_device *device = function_named(host, *name);
		struct via_fact current;
		struct via_vgpu *vgpu;

		if (!device)
			continue;
		current = root_number(root, arena, "%s/%s/nvidia/current_vgpu_type", driver, *name);
		/* Its folder `nvidia` is there only on VFs that can carry one. */
		if (fact_is(&current, VIA_ABSENT) ||
		    (fact_is(&current, VIA_UNKNOWN) && current.error == ENODATA))
			continue;
		vgpu = via_list_add(arena, &mediated->vgpus);
		*vgpu = (struct via_vgpu){ .name = *name, .device = device, .current = current };
		vgpu->creatable =
			root_text(root, arena, "%s/%s/nvidia/creatable_vgpu_types", driver, *name);
	}
}

void probe_mediated(const struct via_root *root, struct via_host *host)
{
	probe_parents(root, host);
	probe_devices_made(root, host);
	probe_definitions(root, host);
	probe_vgpus(root, host);
}
