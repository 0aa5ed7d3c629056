/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "render/json.h"
#include "render/json_capability.h"

enum {
	RESOURCE_IO = 0x100,
	RESOURCE_MEMORY = 0x200,
	RESOURCE_PREFETCH = 0x2000,
	RESOURCE_MEMORY_64 = 0x100000,
};

static json_t *json_bars(const struct via_pci_device *device)
{
	json_t *list;

	if (!fact_is(&device->resource, VIA_PRESENT))
		return json_null();
	list = json_array();
	for (size_t i = 0; i < device->resource_count; i++) {
		const struct via_resource *bar = &device->resources[i];
		const char *kind = "mem32";

		if (!bar->flags || (pci_is_bridge(device) && i > VIA_ROM))
			continue;
		if (bar->flags & RESOURCE_IO)
			kind = "io";
		else if (bar->flags & RESOURCE_MEMORY_64)
			kind = "mem64";
		json_array_append_new(
			list,
			json_pack("{s:I, s:s, s:s, s:I, s:b, s:o}", "index", (json_int_t)i, "kind",
				  kind, "of",
				  i < VIA_ROM	 ? "bar"
				  : i == VIA_ROM ? "rom"
						 : "vf",
				  "size",
				  (json_int_t)(bar->end > bar->start || bar->start
						       ? bar->end - bar->start + 1
						       : 0),
				  "prefetchable", (bar->flags & RESOURCE_PREFETCH) != 0, "start",
				  json_sprintf("0x%llx", (unsigned long long)bar->start)));
	}
	return list;
}

static json_t *json_sriov(const struct via_pci_device *device)
{
	if (!fact_number(&device->sriov_total, 0))
		return json_null();
	return json_pack(
		"{s:o, s:I, s:o, s:o, s:o, s:o}", "total", json_number(&device->sriov_total),
		"enabled", (json_int_t)device->virtfns.count, "offset",
		json_number(&device->sriov_offset), "stride", json_number(&device->sriov_stride),
		"vf_device", json_hex(&device->sriov_vf_device, 4), "autoprobe",
		json_number(&device->sriov_autoprobe));
}

/* reset_method came with 5.15; before, the attribute `reset` tells only that there is one. */
static json_t *json_reset(const struct via_pci_device *device)
{
	char *copy, *save = NULL;
	json_t *list;

	if (fact_is(&device->reset, VIA_ABSENT))
		return json_array();
	if (!fact_is(&device->reset_method, VIA_PRESENT))
		return json_null();
	list = json_array();
	copy = strdup(device->reset_method.text);
	for (char *word = copy ? strtok_r(copy, " ", &save) : NULL; word;
	     word = strtok_r(NULL, " ", &save))
		json_array_append_new(list, json_optional(word));
	free(copy);
	return list;
}

static json_t *json_capability_list(const struct via_pci_device *device)
{
	if (!fact_is(&device->config.fact, VIA_PRESENT) || !device->capabilities.standard_read)
		return json_null();
	return json_capabilities(&device->capabilities);
}

static json_t *json_holders(const struct via_pci_device *device)
{
	json_t *list;

	if (fact_is(&device->holders_known, VIA_UNKNOWN))
		return json_null();
	list = json_array();
	via_for_each (holder, &device->holders)
		json_array_append_new(list, json_pack("{s:s, s:o}", "by", holder->by, "what",
						      json_optional(holder->what)));
	return list;
}

/* An empty list is "told, and in no group"; null is "could not be told". */
static json_t *json_predicted_group(const struct via_prediction *prediction,
				    const struct via_predicted *predicted)
{
	const struct via_predicted_group *group = prediction_group(prediction, predicted);
	json_t *list;

	if (fact_is(&predicted->fact, VIA_UNKNOWN))
		return json_null();
	list = json_array();
	if (group)
		via_for_each (member, &group->devices)
			json_array_append_new(list, json_string((*member)->name));
	return list;
}

static json_t *json_predicted_steps(const struct via_predicted *predicted)
{
	json_t *list = json_array();

	via_for_each (step, &predicted->steps)
		json_array_append_new(
			list, json_pack("{s:s, s:s}", "at", step->at->name, "why", step->text));
	return list;
}

static json_t *json_unknowns(const struct via_pci_device *device,
			     const struct via_predicted *predicted)
{
	json_t *list = json_array();
	struct via_fact capabilities = device->config.fact;

	json_note_unknown(list, "vendor", &device->vendor);
	json_note_unknown(list, "device", &device->device);
	json_note_unknown(list, "class", &device->class_code);
	json_note_unknown(list, "driver", &device->driver);
	json_note_unknown(list, "iommu_group", &device->group);
	json_note_unknown(list, "predicted_group", &predicted->fact);
	json_note_unknown(list, "modules", &device->modules_known);
	json_note_unknown(list, "sriov", &device->sriov_total);
	json_note_unknown(list, "reset", &device->reset_method);
	json_note_unknown(list, "bars", &device->resource);
	json_note_unknown(list, "in_use", &device->holders_known);
	/* 64 bytes are what an unprivileged reader gets. */
	if (fact_is(&capabilities, VIA_PRESENT) && !device->capabilities.standard_read)
		capabilities = fact_unknown(capabilities.path, EACCES);
	json_note_unknown(list, "capabilities", &capabilities);
	return list;
}

static json_t *json_names_of(struct via_pci_names *names, struct via_arena *arena,
			     const struct via_pci_device *device)
{
	return json_pack("{s:o, s:o, s:o}", "vendor",
			 json_optional(pci_name_vendor(names, arena, device)), "device",
			 json_optional(pci_name_device(names, arena, device)), "class",
			 json_optional(pci_name_class(names, arena, device)));
}

static json_t *json_modules(const struct via_pci_device *device)
{
	return fact_is(&device->modules_known, VIA_PRESENT) ? json_names(&device->modules)
							    : json_null();
}

/* None found means none only where looking was possible. */
static json_t *json_found(const struct via_names *names, const struct via_fact *looked)
{
	return !names->count && fact_is(looked, VIA_UNKNOWN) ? json_null() : json_names(names);
}

static json_t *json_boot_vga(const struct via_fact *fact)
{
	return fact_is(fact, VIA_UNKNOWN) ? json_null() : json_boolean(fact_number(fact, 0) == 1);
}

json_t *json_device(const struct via_host *host, const struct via_prediction *prediction,
		    struct via_pci_names *names, const struct via_pci_device *device)
{
	const struct via_predicted *predicted = prediction_of(prediction, host, device);
	_cleanup_arena_ struct via_arena *arena = arena_new();
	json_t *object = json_object();
	const struct {
		const char *key;
		json_t *value;
	} members[] = {
		{ "address", json_optional(device->name) },
		{ "vendor", json_hex(&device->vendor, 4) },
		{ "device", json_hex(&device->device, 4) },
		{ "class", json_hex(&device->class_code, 6) },
		{ "subsystem_vendor", json_hex(&device->subsystem_vendor, 4) },
		{ "subsystem_device", json_hex(&device->subsystem_device, 4) },
		{ "revision", json_hex(&device->revision, 2) },
		{ "names", json_names_of(names, arena, device) },
		{ "driver", json_text(&device->driver) },
		{ "modules", json_modules(device) },
		{ "iommu_group", json_number(&device->group) },
		{ "predicted_group", json_predicted_group(prediction, predicted) },
		{ "predicted_why", json_predicted_steps(predicted) },
		{ "numa_node", json_number(&device->numa_node) },
		{ "physfn", json_text(&device->physfn) },
		{ "virtfns", json_found(&device->virtfns, &device->sriov_total) },
		{ "sriov", json_sriov(device) },
		{ "reset", json_reset(device) },
		{ "capabilities", json_capability_list(device) },
		{ "bars", json_bars(device) },
		{ "boot_vga", json_boot_vga(&device->boot_vga) },
		{ "slot", json_text(&device->slot) },
		{ "parent", json_optional(device->parent ? device->parent->name : NULL) },
		{ "net", json_found(&device->net, &device->holders_known) },
		{ "block", json_found(&device->block, &device->holders_known) },
		{ "in_use", json_holders(device) },
		{ "unknown", json_unknowns(device, predicted) },
	};

	for (size_t i = 0; i < VIA_COUNT(members); i++)
		json_object_set_new(object, members[i].key, members[i].value);
	return object;
}

static json_t *json_group(const struct via_host *host, const struct via_prediction *prediction,
			  const struct via_pci_group *group)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_pci_device *blockers[64];
	size_t count = pci_group_blockers(group, blockers, VIA_COUNT(blockers));
	json_t *devices = json_array(), *names = json_array();

	via_for_each (member, &group->devices)
		json_array_append_new(devices, json_optional((*member)->name));
	for (size_t i = 0; i < count && i < VIA_COUNT(blockers); i++)
		json_array_append_new(names, json_optional(blockers[i]->name));
	return json_pack("{s:I, s:o, s:b, s:o, s:o, s:o}", "id", (json_int_t)group->id, "devices",
			 devices, "viable", count == 0 && pci_group_isolates(group), "blockers",
			 names, "why", json_optional(group_why(host, prediction, group, arena)),
			 "type", json_text(&group->type));
}

/* true: units are driven; false: told, and none; null: could not be told */
static json_t *json_iommu(const struct via_host *host)
{
	const struct via_fact *class = &host->kernel.iommu_class;
	json_t *units;

	if (fact_is(class, VIA_UNKNOWN))
		return json_pack("{s:n, s:n}", "active", "units");
	units = json_array();
	via_for_each (unit, &host->kernel.units)
		json_array_append_new(units, json_optional(unit->name));
	return json_pack("{s:b, s:o}", "active", fact_number(class, 0) > 0, "units", units);
}

/* An empty list says "none"; where a directory could not be read, null says so. */
static json_t *json_list_for(const struct via_fact *directory)
{
	return fact_is(directory, VIA_UNKNOWN) ? json_null() : json_array();
}

json_t *json_list(const struct via_host *host, struct via_pci_names *names,
		  const struct via_list_filter *filter)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_prediction *prediction = prediction_new(arena, host);
	json_t *devices = json_list_for(&host->pci.bus),
	       *groups = json_list_for(&host->pci.groups_directory);

	via_for_each (device, &host->pci.devices)
		if (filter_takes(filter, host, device))
			json_array_append_new(devices,
					      json_device(host, prediction, names, device));
	via_for_each (group, &host->pci.groups)
		if (!filter->has_group || filter->group == group->id)
			json_array_append_new(groups, json_group(host, prediction, group));
	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "schema", "viaduct.list/1", "iommu",
			 json_iommu(host), "devices", devices, "groups", groups, "prediction_notes",
			 json_names(&prediction->notes));
}
