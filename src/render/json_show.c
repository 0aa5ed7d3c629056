/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "model/gpu.h"
#include "render/firmware.h"
#include "render/text_holders.h"
#include "render/json.h"
#include "render/json_virtual.h"
#include "render/show.h"

enum { VICTIMS = 256 };

static json_t *json_link(const struct via_pci_device *device)
{
	struct via_device_link link;

	if (!device_link(device, &link))
		return json_null();
	return json_pack("{s:s, s:i, s:s, s:i, s:s?, s:i, s:b}", "speed_gts", link.speed, "width",
			 (int)link.width, "max_speed_gts", link.max_speed, "max_width",
			 (int)link.max_width, "port_max_speed_gts", link.port_max_speed,
			 "port_max_width", (int)link.port_max_width, "degraded",
			 device_link_degraded(&link));
}

static json_t *json_rebars(const struct via_pci_device *device)
{
	struct via_device_rebar rebars[VIA_BARS];
	size_t count = device_rebars(device, rebars);
	json_t *list;

	if (!device->capabilities.extended_read)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:i, s:I, s:I}", "bar", (int)rebars[i].bar,
						      "size", (json_int_t)rebars[i].size, "largest",
						      (json_int_t)rebars[i].largest));
	return list;
}

static json_t *json_victims(const struct via_host *host, const struct via_pci_device *device)
{
	const struct via_pci_device *victims[VICTIMS];
	size_t count = device_reset_victims(&host->pci, device, victims, VICTIMS);
	json_t *list = json_array();

	for (size_t i = 0; i < count && i < VICTIMS; i++)
		json_array_append_new(list, json_string(victims[i]->name));
	return list;
}

static json_t *json_companions(const struct via_host *host, const struct via_pci_device *device)
{
	json_t *list = json_array();

	via_for_each (other, &host->pci.devices)
		if (device_is_companion(device, other))
			json_array_append_new(list, json_string(other->name));
	return list;
}

static json_t *json_gpu(const struct via_pci_device *device)
{
	static const char *const makers[] = { "other", "intel", "amd", "nvidia" };
	static const char *const sharing[] = { "whole", "gvt-g", "sriov", "licensed-vgpu" };
	struct via_gpu gpu;

	if (!gpu_of(device, &gpu))
		return json_null();
	return json_pack("{s:s, s:s?, s:s, s:b, s:b}", "maker", makers[gpu.maker], "family",
			 gpu.family, "sharing", sharing[gpu.sharing], "integrated", gpu.integrated,
			 "reset_bug", gpu.reset_bug);
}

static json_t *json_rom(const struct via_device_detail *detail)
{
	struct via_device_rom rom = device_rom(detail->device);

	if (fact_is(&detail->rom, VIA_UNKNOWN))
		return json_null();
	return json_pack("{s:b, s:I, s:b}", "there", fact_is(&detail->rom, VIA_PRESENT), "size",
			 (json_int_t)rom.size, "shadow", (int)rom.shadow);
}

static json_t *json_power(const struct via_device_detail *detail)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "state", json_text(&detail->device->power_state),
			 "control", json_text(&detail->power_control), "runtime_status",
			 json_text(&detail->runtime_status), "d3cold_allowed",
			 json_number(&detail->d3cold_allowed));
}

static json_t *json_told(const struct via_names *names, const struct via_fact *known)
{
	return fact_is(known, VIA_UNKNOWN) ? json_null() : json_names(names);
}

json_t *json_device_detail(const struct via_host *host, const struct via_device_detail *detail)
{
	const struct via_pci_device *device = detail->device;
	json_t *object = json_object();
	const struct {
		const char *key;
		json_t *value;
	} members[] = {
		{ "vfio_drivers", json_told(&detail->variants, &detail->variants_known) },
		{ "blacklisted", json_told(&detail->refused, &detail->refused_known) },
		{ "reset_also_hits", json_victims(host, device) },
		{ "companions", json_companions(host, device) },
		{ "kept_by", json_keepers(host, device) },
		{ "graphics", json_gpu(device) },
		{ "link", json_link(device) },
		{ "resizable_bars", json_rebars(device) },
		{ "rom", json_rom(detail) },
		{ "power", json_power(detail) },
		{ "vectors", json_number(&detail->vectors) },
		{ "errors", json_pack("{s:o, s:o, s:o}", "correctable",
				      json_number(&detail->errors_correctable), "nonfatal",
				      json_number(&detail->errors_nonfatal), "fatal",
				      json_number(&detail->errors_fatal)) },
		{ "serial", json_optional(device_serial(device)) },
		{ "label", json_text(&detail->label) },
		{ "acpi_index", json_number(&detail->acpi_index) },
		{ "local_cpus", json_text(&detail->local_cpus) },
	};

	for (size_t i = 0; i < VIA_COUNT(members); i++)
		json_object_set_new(object, members[i].key, members[i].value);
	return object;
}

json_t *json_show(const struct via_host *host, struct via_pci_names *names,
		  const struct via_device_detail *detail)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_pci_device *device = detail->device;
	const struct via_prediction *prediction = prediction_new(arena, host);
	const struct via_predicted *predicted = prediction_of(prediction, host, device);
	const struct via_pci_group *group = fact_is(&device->group, VIA_PRESENT)
						    ? pci_group(&host->pci, device->group.number)
						    : NULL;

	return json_pack(
		"{s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "schema", "viaduct.show/1",
		"device", json_device(host, prediction, names, device), "group_why",
		group ? json_optional(group_why(host, prediction, group, arena)) : json_null(),
		"predicted_why", prediction_because(host, prediction, predicted, arena),
		"prediction_notes", json_names(&prediction->notes), "detail",
		json_device_detail(host, detail), "virtual", json_virtual_of(host, device),
		"firmware", json_show_firmware(host, device), "loss", json_loss(device));
}
