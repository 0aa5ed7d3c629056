/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/list.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "render/json.h"
#include "render/json_kept.h"
#include "render/json_writer.h"

enum {
	RESOURCE_IO = 0x100,
	RESOURCE_MEMORY = 0x200,
	RESOURCE_PREFETCH = 0x2000,
	RESOURCE_MEMORY_64 = 0x100000,
};

/* One function, on its way to text. */
struct writing {
	struct via_json_writer *to;
	const struct via_device_context *context;
	const struct via_predicted *predicted;
	struct via_arena *arena;
	const struct via_pci_device *device;
};

static const char *bar_kind(const struct via_resource *bar)
{
	if (bar->flags & RESOURCE_IO)
		return "io";
	return bar->flags & RESOURCE_MEMORY_64 ? "mem64" : "mem32";
}

static void write_bar(struct via_json_writer *to, size_t index, const struct via_resource *bar)
{
	bool sized = bar->end > bar->start || bar->start;

	write_open(to, '{');
	write_key(to, "index");
	write_integer(to, (int64_t)index);
	write_key(to, "kind");
	write_text(to, bar_kind(bar));
	write_key(to, "of");
	write_text(to, index < VIA_ROM ? "bar" : index == VIA_ROM ? "rom" : "vf");
	write_key(to, "size");
	write_integer(to, (int64_t)(sized ? bar->end - bar->start + 1 : 0));
	write_key(to, "prefetchable");
	write_bool(to, bar->flags & RESOURCE_PREFETCH);
	write_key(to, "start");
	write_hex(to, "0x", bar->start, 1);
	write_close(to, '{');
}

static void write_bars(const struct writing *writing)
{
	const struct via_pci_device *device = writing->device;

	if (!fact_is(&device->resource, VIA_PRESENT)) {
		write_null(writing->to);
		return;
	}
	write_open(writing->to, '[');
	for (size_t i = 0; i < device->resource_count; i++)
		if (device->resources[i].flags && !(pci_is_bridge(device) && i > VIA_ROM))
			write_bar(writing->to, i, &device->resources[i]);
	write_close(writing->to, '[');
}

static void write_sriov(const struct writing *writing)
{
	const struct via_pci_device *device = writing->device;
	struct via_json_writer *to = writing->to;

	if (!fact_number(&pci_sriov(device)->total, 0)) {
		write_null(to);
		return;
	}
	write_open(to, '{');
	write_key(to, "total");
	write_fact_number(to, &pci_sriov(device)->total);
	write_key(to, "enabled");
	if (fact_is(&pci_sriov(device)->virtfns_known, VIA_UNKNOWN))
		write_null(to);
	else
		write_integer(to, (int64_t)pci_sriov(device)->virtfns.count);
	write_key(to, "offset");
	write_fact_number(to, &pci_sriov(device)->offset);
	write_key(to, "stride");
	write_fact_number(to, &pci_sriov(device)->stride);
	write_key(to, "vf_device");
	write_fact_hex(to, &pci_sriov(device)->vf_device, 4);
	write_key(to, "autoprobe");
	write_fact_number(to, &pci_sriov(device)->autoprobe);
	write_close(to, '{');
}

/* reset_method came with 5.15; before, the attribute `reset` tells only that there is one. */
static void write_reset(const struct writing *writing)
{
	const struct via_pci_device *device = writing->device;
	char *copy, *save = NULL;

	if (!fact_is(&device->reset, VIA_ABSENT) && !fact_is(&device->reset_method, VIA_PRESENT)) {
		write_null(writing->to);
		return;
	}
	write_open(writing->to, '[');
	if (!fact_is(&device->reset, VIA_ABSENT)) {
		copy = arena_strdup(writing->arena, device->reset_method.text);
		for (char *word = strtok_r(copy, " ", &save); word;
		     word = strtok_r(NULL, " ", &save))
			write_text(writing->to, word);
	}
	write_close(writing->to, '[');
}

static void write_device_capabilities(const struct writing *writing)
{
	const struct via_pci_device *device = writing->device;

	if (!fact_is(&device->config.fact, VIA_PRESENT) || !device->capabilities.standard_read)
		write_null(writing->to);
	else
		write_capabilities_kept(writing->to, writing->context->kept, &device->capabilities);
}

static void write_holders(const struct writing *writing)
{
	if (fact_is(&writing->device->holders_known, VIA_UNKNOWN) &&
	    !writing->device->holders.count) {
		write_null(writing->to);
		return;
	}
	write_open(writing->to, '[');
	via_for_each (holder, &writing->device->holders) {
		write_open(writing->to, '{');
		write_key(writing->to, "by");
		write_text(writing->to, holder->by);
		write_key(writing->to, "what");
		write_text(writing->to, holder->what);
		write_key(writing->to, "severity");
		write_text(writing->to, loss_name(holder->loss));
		write_key(writing->to, "loses");
		write_text(writing->to, holder->loses);
		write_close(writing->to, '{');
	}
	write_close(writing->to, '[');
}

/* An empty list is "told, and in no group"; null is "could not be told". */
static void write_predicted_group(const struct writing *writing)
{
	const struct via_predicted_group *group =
		prediction_group(writing->context->prediction, writing->predicted);

	if (fact_is(&writing->predicted->fact, VIA_UNKNOWN)) {
		write_null(writing->to);
		return;
	}
	write_open(writing->to, '[');
	if (group)
		via_for_each (member, &group->devices)
			write_text(writing->to, (*member)->name);
	write_close(writing->to, '[');
}

static void write_predicted_steps(const struct writing *writing)
{
	write_open(writing->to, '[');
	via_for_each (step, &writing->predicted->steps) {
		write_open(writing->to, '{');
		write_key(writing->to, "at");
		write_text(writing->to, step->at->name);
		write_key(writing->to, "why");
		write_text(writing->to, step->text);
		write_close(writing->to, '{');
	}
	write_close(writing->to, '[');
}

/* The class code is never all ones; a VF's ids are. */
static bool answers(const struct via_pci_device *device)
{
	const struct via_span span = device->config.span;

	return span.size < 12 || span.data[9] != 0xff || span.data[10] != 0xff ||
	       span.data[11] != 0xff;
}

static void write_unknowns(const struct writing *writing)
{
	const struct via_pci_device *device = writing->device;
	struct via_fact capabilities = device->config.fact;

	/* 64 bytes are what an unprivileged reader gets; all ones, of what does not answer. */
	if (fact_is(&capabilities, VIA_PRESENT) && !device->capabilities.standard_read)
		capabilities = fact_unknown(capabilities.path, answers(device) ? EACCES : EIO);
	write_open(writing->to, '[');
	write_unknown(writing->to, "vendor", &device->vendor);
	write_unknown(writing->to, "device", &device->device);
	write_unknown(writing->to, "class", &device->class_code);
	write_unknown(writing->to, "driver", &device->driver);
	write_unknown(writing->to, "iommu_group", &device->group);
	write_unknown(writing->to, "predicted_group", &writing->predicted->fact);
	write_unknown(writing->to, "modules", &device->modules_known);
	write_unknown(writing->to, "sriov", &pci_sriov(device)->total);
	write_unknown(writing->to, "virtfns", &pci_sriov(device)->virtfns_known);
	write_unknown(writing->to, "physfn", &device->physfn);
	write_unknown(writing->to, "parent", &device->place);
	write_unknown(writing->to, "slot", &device->slot);
	write_unknown(writing->to, "reset", &device->reset_method);
	write_unknown(writing->to, "bars", &device->resource);
	write_unknown(writing->to, "in_use", &device->holders_known);
	write_unknown(writing->to, "capabilities", &capabilities);
	write_close(writing->to, '[');
}

static void write_names_of(const struct writing *writing)
{
	struct via_json_writer *to = writing->to;

	write_open(to, '{');
	write_key(to, "vendor");
	write_text(to, pci_name_vendor(writing->context->names, writing->arena, writing->device));
	write_key(to, "device");
	write_text(to, pci_name_device(writing->context->names, writing->arena, writing->device));
	write_key(to, "class");
	write_text(to, pci_name_class(writing->context->names, writing->arena, writing->device));
	write_close(to, '{');
}

static void write_modules(const struct writing *writing)
{
	if (fact_is(&writing->device->modules_known, VIA_PRESENT))
		write_names(writing->to, &writing->device->modules);
	else
		write_null(writing->to);
}

/* None found means none only where looking was possible. */
static void write_found(struct via_json_writer *to, const struct via_names *names,
			const struct via_fact *looked)
{
	if (!names->count && fact_is(looked, VIA_UNKNOWN))
		write_null(to);
	else
		write_names(to, names);
}

static void write_boot_vga(struct via_json_writer *to, const struct via_fact *fact)
{
	if (fact_is(fact, VIA_UNKNOWN))
		write_null(to);
	else
		write_bool(to, fact_number(fact, 0) == 1);
}

static void write_identity(const struct writing *writing)
{
	const struct via_pci_device *device = writing->device;
	struct via_json_writer *to = writing->to;

	write_key(to, "address");
	write_text(to, device->name);
	write_key(to, "vendor");
	write_fact_hex(to, &device->vendor, 4);
	write_key(to, "device");
	write_fact_hex(to, &device->device, 4);
	write_key(to, "class");
	write_fact_hex(to, &device->class_code, 6);
	write_key(to, "subsystem_vendor");
	write_fact_hex(to, &device->subsystem_vendor, 4);
	write_key(to, "subsystem_device");
	write_fact_hex(to, &device->subsystem_device, 4);
	write_key(to, "revision");
	write_fact_hex(to, &device->revision, 2);
	write_key(to, "names");
	write_names_of(writing);
}

static void write_binding(const struct writing *writing)
{
	const struct via_pci_device *device = writing->device;
	struct via_json_writer *to = writing->to;

	write_key(to, "driver");
	write_fact_text(to, &device->driver);
	write_key(to, "modules");
	write_modules(writing);
	write_key(to, "iommu_group");
	write_fact_number(to, &device->group);
	write_key(to, "predicted_group");
	write_predicted_group(writing);
	write_key(to, "predicted_why");
	write_predicted_steps(writing);
	write_key(to, "numa_node");
	write_fact_number(to, &device->numa_node);
	write_key(to, "physfn");
	write_fact_text(to, &device->physfn);
	write_key(to, "virtfns");
	if (fact_is(&pci_sriov(device)->virtfns_known, VIA_UNKNOWN))
		write_null(to);
	else
		write_names(to, &pci_sriov(device)->virtfns);
	write_key(to, "sriov");
	write_sriov(writing);
	write_key(to, "reset");
	write_reset(writing);
}

static void write_rest(const struct writing *writing)
{
	const struct via_pci_device *device = writing->device;
	struct via_json_writer *to = writing->to;

	write_key(to, "capabilities");
	write_device_capabilities(writing);
	write_key(to, "bars");
	write_bars(writing);
	write_key(to, "boot_vga");
	write_boot_vga(to, &device->boot_vga);
	write_key(to, "slot");
	write_fact_text(to, &device->slot);
	write_key(to, "parent");
	write_text(to, device->parent ? device->parent->name : NULL);
	write_key(to, "net");
	write_found(to, &device->net, &device->made_known);
	write_key(to, "block");
	write_found(to, &device->block, &device->made_known);
	write_key(to, "in_use");
	write_holders(writing);
	write_key(to, "unknown");
	write_unknowns(writing);
}

void write_device(struct via_json_writer *to, struct via_arena *arena,
		  const struct via_device_context *context, const struct via_predicted *predicted,
		  const struct via_pci_device *device)
{
	struct writing writing = {
		.to = to,
		.context = context,
		.predicted = predicted,
		.arena = arena,
		.device = device,
	};

	write_open(to, '{');
	write_identity(&writing);
	write_binding(&writing);
	write_rest(&writing);
	write_close(to, '{');
}

json_t *json_device(const struct via_host *host, const struct via_prediction *prediction,
		    struct via_pci_names *names, const struct via_pci_device *device)
{
	_cleanup_json_writer_ struct via_json_writer writer = json_writer_at(0);
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_device_context context = { .host = host,
					      .prediction = prediction,
					      .names = names };

	write_device(&writer, arena, &context, prediction_of(prediction, host, device), device);
	return json_writer_tree(&writer);
}
