/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/virtual.h"

#include <string.h>

#include "base/cleanup.h"

static const char *shown(const struct via_fact *fact, const char *none)
{
	if (fact_is(fact, VIA_UNKNOWN))
		return errno_name(fact->error);
	return fact_text(fact) && *fact->text ? fact->text : none;
}

static void heading(const struct via_paper *paper, const char *text)
{
	paper_print(paper, VIA_STYLE_BOLD, "%s\n", text);
}

/* Nothing of a kind, or why that could not be told. */
static void nothing(const struct via_paper *paper, const struct via_fact *known, const char *none)
{
	if (fact_is(known, VIA_UNKNOWN))
		paper_print(paper, VIA_STYLE_CARE, "  could not be told: %s: %s\n",
			    known->path ?: "asked", errno_name(known->error));
	else
		paper_print(paper, VIA_STYLE_DIM, "  %s\n", none);
}

static void print_type(const struct via_paper *paper, const struct via_mdev_type *type)
{
	fputs("    ", paper->file);
	paper_pad(paper, VIA_STYLE_PLAIN, 20, type->id);
	paper_print(paper, VIA_STYLE_PLAIN, " %s left, %s", shown(&type->available, "?"),
		    shown(&type->api, "?"));
	if (fact_text(&type->name))
		paper_print(paper, VIA_STYLE_DIM, "  %s", type->name.text);
	fputc('\n', paper->file);
}

static void print_parents(const struct via_paper *paper, const struct via_mediated *mediated)
{
	heading(paper, "What makes mediated devices");
	via_for_each (parent, &mediated->parents) {
		paper_print(paper, VIA_STYLE_PLAIN, "  %s\n", parent->name);
		via_for_each (type, &parent->types)
			print_type(paper, type);
	}
	via_for_each (vgpu, &mediated->vgpus)
		paper_print(paper, VIA_STYLE_PLAIN, "  %s  vGPU type %s\n", vgpu->name,
			    fact_number(&vgpu->current, 0) ? vgpu->current.text : "none yet");
	if (!mediated->parents.count && !mediated->vgpus.count)
		nothing(paper, &mediated->parents_known, "nothing here does");
}

static const struct via_mdev_definition *definition_of(const struct via_mediated *mediated,
						       const char *uuid)
{
	via_for_each (definition, &mediated->definitions)
		if (strcmp(definition->uuid, uuid) == 0)
			return definition;
	return NULL;
}

static const char *lasting(const struct via_mdev_definition *definition)
{
	if (!definition)
		return "until the next boot";
	return definition->automatic ? "made again at boot" : "defined, made by hand";
}

static void print_mediated(const struct via_paper *paper, const struct via_mediated *mediated)
{
	heading(paper, "Mediated devices");
	via_for_each (device, &mediated->devices) {
		paper_print(paper, VIA_STYLE_PLAIN, "  %s  %s on %s, group %s, %s\n", device->uuid,
			    shown(&device->type, "?"), device->parent ?: "?",
			    shown(&device->group, "none"),
			    lasting(definition_of(mediated, device->uuid)));
		if (device->user)
			paper_print(paper, VIA_STYLE_CARE, "    in use: %s\n", device->user);
	}
	if (!mediated->devices.count)
		nothing(paper, &mediated->devices_known, "none");
}

static void print_definitions(const struct via_paper *paper, const struct via_mediated *mediated)
{
	bool first = true;

	via_for_each (definition, &mediated->definitions) {
		if (definition->exists)
			continue;
		if (first)
			heading(paper, "Defined, and not there");
		first = false;
		paper_print(paper, VIA_STYLE_CARE, "  %s  %s on %s, %s\n", definition->uuid,
			    definition->type ?: "?", definition->parent, lasting(definition));
	}
	if (fact_is(&mediated->definitions_known, VIA_UNKNOWN))
		nothing(paper, &mediated->definitions_known, "");
}

void text_mediated(const struct via_paper *paper, const struct via_host *host)
{
	print_parents(paper, &host->mediated);
	print_mediated(paper, &host->mediated);
	print_definitions(paper, &host->mediated);
}

static const char *class_names(uint64_t classes, struct via_arena *arena)
{
	const char *text = "";

	for (unsigned int id = 0; id < 64; id++)
		if ((classes >> id & 1) && virtio_id_name(id))
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "",
					    virtio_id_name(id));
	return *text ? text : "nothing that is known";
}

static void print_management(const struct via_paper *paper, const struct via_vdpa *vdpa,
			     struct via_arena *arena)
{
	heading(paper, "What makes vDPA devices");
	via_for_each (management, &vdpa->management)
		paper_print(paper, VIA_STYLE_PLAIN, "  %s%s%s  makes %s, up to %u queues\n",
			    management->bus, *management->bus ? "/" : "", management->name,
			    class_names(management->classes, arena), management->max_queues);
	if (!vdpa->management.count)
		nothing(paper, &vdpa->management_known, "nothing here does");
}

static const char *setting(struct via_arena *arena, const char *name, const char *value)
{
	return value ? arena_printf(arena, ", %s %s", name, value) : "";
}

static const char *seen_as(const struct via_vdpa_device *device, struct via_arena *arena)
{
	const char *made = device->disk ?: device->interface;

	if (device->node)
		return arena_printf(arena, "/dev/%s%s", device->node,
				    fact_is(&device->node_there, VIA_ABSENT) ? " (no node)" : "");
	return made ? made : "nothing";
}

static void print_vdpa_device(const struct via_paper *paper, const struct via_vdpa_device *device,
			      struct via_arena *arena)
{
	const struct via_vdpa_config *config = &device->config;

	paper_print(paper, VIA_STYLE_PLAIN, "  %s  %s from %s, %s: %s%s%s%s%s\n", device->name,
		    virtio_id_name(device->id) ?: "?", device->management ?: "its driver",
		    shown(&device->driver, "no driver"), seen_as(device, arena),
		    setting(arena, "MAC", config->mac), setting(arena, "MTU", config->mtu),
		    setting(arena, "queue pairs", config->max_vqp),
		    setting(arena, "sectors", config->capacity));
	if (device->user)
		paper_print(paper, VIA_STYLE_CARE, "    in use: %s\n", device->user);
}

void text_vdpa(const struct via_paper *paper, const struct via_host *host)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	print_management(paper, &host->vdpa, arena);
	heading(paper, "vDPA devices");
	via_for_each (device, &host->vdpa.devices)
		print_vdpa_device(paper, device, arena);
	if (!host->vdpa.devices.count)
		nothing(paper, &host->vdpa.bus, "none");
}

static void print_vduse(const struct via_paper *paper, const struct via_vdpa *vdpa, size_t i,
			struct via_arena *arena)
{
	const char *name = vdpa->vduse.items[i], *server = vdpa->vduse_servers[i];

	paper_print(paper, VIA_STYLE_PLAIN, "  %s\n", name);
	paper_print(paper, server ? VIA_STYLE_PLAIN : VIA_STYLE_CARE, "    %s\n",
		    server ? server : "nobody serves it: viaduct vduse end");
	via_for_each (device, &vdpa->devices)
		if (strcmp(device->name, name) == 0)
			print_vdpa_device(paper, device, arena);
}

void text_vduse(const struct via_paper *paper, const struct via_host *host)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	heading(paper, "VDUSE devices");
	for (size_t i = 0; i < host->vdpa.vduse.count; i++)
		print_vduse(paper, &host->vdpa, i, arena);
	if (!host->vdpa.vduse.count)
		nothing(paper, &host->vdpa.vduse_known, "none");
}
