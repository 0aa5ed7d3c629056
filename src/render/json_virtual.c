/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_virtual.h"
#include "render/virtual.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "render/json.h"
#include "render/json_writer.h"

static json_t *json_types(const struct via_mdev_parent *parent)
{
	json_t *list;

	if (fact_is(&parent->types_known, VIA_UNKNOWN))
		return json_null();
	list = json_array();
	via_for_each (type, &parent->types)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o}", "id",
						      json_optional(type->id), "name",
						      json_text(&type->name), "device_api",
						      json_text(&type->api), "available",
						      json_number(&type->available), "description",
						      json_text(&type->description)));
	return list;
}

static json_t *json_parent(const struct via_mdev_parent *parent)
{
	return json_pack("{s:o, s:o}", "parent", json_optional(parent->name), "types",
			 json_types(parent));
}

/* As a function's "in_use": null where it could not be told, or where nobody looked. */
static json_t *json_user(const char *user, const struct via_fact *known)
{
	if (user)
		return json_pack("[{s:s, s:o}]", "by", "process", "what", json_optional(user));
	return fact_is(known, VIA_PRESENT) ? json_array() : json_null();
}

static json_t *json_mdev(const struct via_mdev *mdev)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "uuid", json_optional(mdev->uuid),
			 "parent", json_optional(mdev->parent), "type", json_text(&mdev->type),
			 "iommu_group", json_text(&mdev->group), "driver", json_text(&mdev->driver),
			 "in_use", json_user(mdev->user, &mdev->users_known));
}

static json_t *json_definition(const struct via_mdev_definition *definition)
{
	return json_pack("{s:o, s:o, s:o, s:b, s:b}", "uuid", json_optional(definition->uuid),
			 "parent", json_optional(definition->parent), "type",
			 json_optional(definition->type), "automatic", definition->automatic,
			 "exists", definition->exists);
}

static json_t *json_vgpu(const struct via_vgpu *vgpu)
{
	return json_pack("{s:o, s:o, s:o}", "function", json_optional(vgpu->name), "current",
			 json_number(&vgpu->current), "creatable", json_text(&vgpu->creatable));
}

static bool named(const char *name, const struct via_pci_device *device)
{
	return !device || (name && strcmp(name, device->name) == 0);
}

/* All of the host, or with @device only what belongs to that function. */
static json_t *json_mediated(const struct via_host *host, const struct via_pci_device *device)
{
	const struct via_mediated *mediated = &host->mediated;
	json_t *parents = json_array(), *devices = json_array(), *definitions = json_array(),
	       *vgpus = json_array();

	via_for_each (parent, &mediated->parents)
		if (named(parent->name, device))
			json_array_append_new(parents, json_parent(parent));
	via_for_each (mdev, &mediated->devices)
		if (named(mdev->parent, device))
			json_array_append_new(devices, json_mdev(mdev));
	via_for_each (definition, &mediated->definitions)
		if (named(definition->parent, device))
			json_array_append_new(definitions, json_definition(definition));
	via_for_each (vgpu, &mediated->vgpus)
		if (named(vgpu->name, device))
			json_array_append_new(vgpus, json_vgpu(vgpu));
	return json_pack("{s:o, s:o, s:o, s:o}", "parents",
			 json_if_told(parents, &mediated->parents_known), "devices",
			 json_if_told(devices, &mediated->devices_known), "definitions",
			 json_if_told(definitions, &mediated->definitions_known), "vgpus",
			 json_if_told(vgpus, &mediated->vgpus_known));
}

static json_t *json_features(const struct via_fact *features)
{
	json_t *list;

	if (!fact_is(features, VIA_PRESENT))
		return json_null();
	list = json_array();
	for (unsigned int bit = 0; bit < 64; bit++)
		if ((features->number >> bit & 1) && virtio_feature_name(bit))
			json_array_append_new(list, json_string(virtio_feature_name(bit)));
	return list;
}

static json_t *json_virtio_device(const struct via_virtio_device *device)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_optional(device->name),
			 "id", json_number(&device->id), "kind",
			 json_optional(virtio_id_name(fact_number(&device->id, 0))), "driver",
			 json_text(&device->driver), "parent", json_optional(device->parent),
			 "features", json_features(&device->features));
}

static json_t *json_virtio(const struct via_host *host, const struct via_pci_device *device)
{
	json_t *list = json_array();

	via_for_each (virtio, &host->virtio.devices)
		if (!device || virtio->device == device)
			json_array_append_new(list, json_virtio_device(virtio));
	return list;
}

static json_t *json_classes(uint64_t classes)
{
	json_t *list = json_array();

	for (unsigned int id = 0; id < 64; id++)
		if ((classes >> id & 1) && virtio_id_name(id))
			json_array_append_new(list, json_string(virtio_id_name(id)));
	return list;
}

static json_t *json_management(const struct via_host *host, const struct via_pci_device *device)
{
	json_t *list;

	if (fact_is(&host->vdpa.management_known, VIA_UNKNOWN))
		return json_null();
	list = json_array();
	via_for_each (management, &host->vdpa.management)
		if (named(management->name, device))
			json_array_append_new(
				list, json_pack("{s:o, s:o, s:o, s:i, s:o}", "bus",
						json_optional(management->bus), "name",
						json_optional(management->name), "classes",
						json_classes(management->classes), "max_queues",
						(int)management->max_queues, "features",
						json_sprintf("%" PRIx64, management->features)));
	return list;
}

static json_t *json_config(const struct via_vdpa_config *config)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "mac", json_optional(config->mac), "mtu",
			 json_optional(config->mtu), "max_vqp", json_optional(config->max_vqp),
			 "features", json_optional(config->features), "capacity",
			 json_optional(config->capacity));
}

static json_t *json_vdpa_device(const struct via_vdpa_device *device)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:o, s:o, s:o, s:o}", "name",
			 json_optional(device->name), "driver", json_text(&device->driver),
			 "driver_override", json_text(&device->override), "node",
			 json_optional(device->node), "management",
			 json_optional(device->management), "id", (int)device->id, "max_queues",
			 (int)device->max_queues, "config", json_config(&device->config), "disk",
			 json_optional(device->disk), "interface", json_optional(device->interface),
			 "in_use", json_user(device->user, &device->users_known));
}

static json_t *json_vdpa(const struct via_host *host, const struct via_pci_device *device)
{
	json_t *devices = json_array();

	via_for_each (vdpa, &host->vdpa.devices)
		if (!device || named(vdpa->management ? vdpa->management : "", device))
			json_array_append_new(devices, json_vdpa_device(vdpa));
	return json_pack("{s:o, s:o}", "management", json_management(host, device), "devices",
			 json_if_told(devices, &host->vdpa.bus));
}

/* @list: whose schema is to stand first */
static json_t *with_schema(const char *schema, json_t *list)
{
	json_t *object = json_pack("{s:s}", "schema", schema);

	json_object_update(object, list);
	json_decref(list);
	return object;
}

json_t *json_mediated_list(const struct via_host *host)
{
	return with_schema("viaduct.mdev/1", json_mediated(host, NULL));
}

json_t *json_vdpa_list(const struct via_host *host)
{
	return with_schema("viaduct.vdpa/1", json_vdpa(host, NULL));
}

static const struct via_vdpa_device *on_the_bus(const struct via_host *host, const char *name)
{
	via_for_each (device, &host->vdpa.devices)
		if (strcmp(device->name, name) == 0)
			return device;
	return NULL;
}

json_t *json_vduse_list(const struct via_host *host)
{
	const struct via_vdpa *vdpa = &host->vdpa;
	json_t *list = json_array();

	for (size_t i = 0; i < vdpa->vduse.count; i++) {
		const struct via_vdpa_device *device = on_the_bus(host, vdpa->vduse.items[i]);

		json_array_append_new(list,
				      json_pack("{s:o, s:o, s:o}", "name",
						json_optional(vdpa->vduse.items[i]), "server",
						json_optional(vdpa->vduse_servers[i]), "vdpa",
						device ? json_vdpa_device(device) : json_null()));
	}
	return json_pack("{s:s, s:o}", "schema", "viaduct.vduse/1", "devices",
			 json_if_told(list, &vdpa->vduse_known));
}

json_t *json_virtual_of(const struct via_host *host, const struct via_pci_device *device)
{
	return json_pack("{s:o, s:o, s:o}", "mediated", json_mediated(host, device), "vdpa",
			 json_vdpa(host, device), "virtio", json_virtio(host, device));
}

static void add_virtual(json_t *object, const struct via_host *host)
{
	const struct via_mediated *mediated = &host->mediated;
	const struct via_vdpa *vdpa = &host->vdpa;

	if (mediated->parents.count || mediated->devices.count || mediated->definitions.count ||
	    mediated->vgpus.count)
		json_object_set_new(object, "mediated", json_mediated(host, NULL));
	if (vdpa->devices.count || vdpa->management.count)
		json_object_set_new(object, "vdpa", json_vdpa(host, NULL));
	if (vdpa->vduse.count)
		json_object_set_new(object, "vduse", json_names(&vdpa->vduse));
	if (vdpa->vhost_sockets.count)
		json_object_set_new(object, "vhost_user", json_names(&vdpa->vhost_sockets));
	if (host->virtio.devices.count)
		json_object_set_new(object, "virtio", json_virtio(host, NULL));
}

static void write_tree(struct via_json_writer *to, json_t *value)
{
	const char *key;
	json_t *item;
	size_t i;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		write_open(to, '{');
		json_object_foreach (value, key, item) {
			write_key(to, key);
			write_tree(to, item);
		}
		write_close(to, '{');
		break;
	case JSON_ARRAY:
		write_open(to, '[');
		json_array_foreach (value, i, item)
			write_tree(to, item);
		write_close(to, '[');
		break;
	case JSON_STRING:
		write_text(to, json_string_value(value));
		break;
	case JSON_INTEGER:
		write_integer(to, json_integer_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		write_bool(to, json_is_true(value));
		break;
	default:
		write_null(to);
		break;
	}
}

void write_virtual(struct via_json_writer *to, const struct via_host *host)
{
	json_t *object = json_object(), *value;
	const char *key;

	add_virtual(object, host);
	json_object_foreach (object, key, value) {
		write_key(to, key);
		write_tree(to, value);
	}
	json_decref(object);
}
