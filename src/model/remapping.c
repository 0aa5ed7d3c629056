/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/remapping_part.h"

#include <string.h>

#include "base/cleanup.h"

enum { SECONDARY_BUS = 0x19, PAGE = 4096 };

bool pci_secondary_bus(const struct via_host *host, const struct via_pci_device *bridge,
		       uint8_t *ret)
{
	uint8_t bus;

	if (!pci_is_bridge(bridge))
		return false;
	/* 0 is the root's own: nobody has numbered that bridge yet. */
	if (span_u8(bridge->config.span, SECONDARY_BUS, &bus) && bus) {
		*ret = bus;
		return true;
	}
	via_for_each (device, &host->pci.devices)
		if (device->parent == bridge) {
			*ret = device->address.bus;
			return true;
		}
	return false;
}

/* Walks the hops; @untold when a bridge is there and its secondary bus is not known. */
static const struct via_pci_device *walk(const struct via_host *host, uint32_t segment,
					 const struct via_dmar_scope *scope, bool *untold)
{
	struct via_pci_address at = { .domain = segment, .bus = scope->start_bus };
	const struct via_pci_device *device = NULL;

	*untold = !fact_is(&host->pci.bus, VIA_PRESENT);
	via_for_each (hop, &scope->path) {
		if (device && !pci_secondary_bus(host, device, &at.bus)) {
			/* Told, and behind it there is nothing. */
			*untold = !span_has(device->config.span, SECONDARY_BUS, 1);
			return NULL;
		}
		at.device = hop->device;
		at.function = hop->function;
		device = pci_find(&host->pci, at);
		if (!device)
			return NULL;
	}
	return device;
}

static struct via_named_device resolve(struct via_arena *arena, const struct via_host *host,
				       uint32_t segment, const struct via_dmar_scope *scope)
{
	struct via_named_device named = {
		.path = dmar_scope_path(arena, scope),
		.below = scope->type == VIA_DMAR_BRIDGE,
	};

	named.device = walk(host, segment, scope, &named.untold);
	return named;
}

static bool is_pci_scope(const struct via_dmar_scope *scope)
{
	return (scope->type == VIA_DMAR_ENDPOINT || scope->type == VIA_DMAR_BRIDGE) &&
	       scope->path.count && !scope->trouble;
}

static void add_drhd(struct via_arena *arena, const struct via_host *host,
		     const struct via_dmar_structure *structure, struct via_remapping *remapping)
{
	struct via_remapping_unit *unit = via_list_add(arena, &remapping->units);

	unit->name = arena_printf(arena, "DRHD at 0x%llx", (unsigned long long)structure->base);
	unit->segment = structure->segment;
	unit->base = structure->base;
	unit->all = structure->flags & DMAR_INCLUDE_PCI_ALL;
	unit->graphics_only = !unit->all;
	via_for_each (scope, &structure->scopes) {
		struct via_named_device *named;

		if (!is_pci_scope(scope))
			continue;
		named = via_list_add(arena, &unit->named);
		*named = resolve(arena, host, structure->segment, scope);
		unit->graphics_only &=
			named->device && pci_class_is(named->device, 0x030000, 0xff0000);
	}
	unit->graphics_only &= unit->named.count > 0;
}

static void add_rmrr(struct via_arena *arena, const struct via_host *host,
		     const struct via_dmar_structure *structure, struct via_remapping *remapping)
{
	struct via_firmware_region *region = via_list_add(arena, &remapping->regions);

	region->name =
		arena_printf(arena, "RMRR 0x%llx-0x%llx", (unsigned long long)structure->base,
			     (unsigned long long)structure->limit);
	region->segment = structure->segment;
	region->base = structure->base;
	region->last = structure->limit;
	region->direct = true;
	region->broken =
		region->base % PAGE || (region->last + 1) % PAGE || region->last < region->base;
	via_for_each (scope, &structure->scopes)
		if (is_pci_scope(scope))
			*via_list_add(arena, &region->named) =
				resolve(arena, host, structure->segment, scope);
}

static void add_structure(struct via_arena *arena, const struct via_host *host,
			  const struct via_dmar_structure *structure,
			  struct via_remapping *remapping)
{
	if (structure->type == VIA_DMAR_DRHD && !structure->trouble)
		add_drhd(arena, host, structure, remapping);
	if (structure->type == VIA_DMAR_RMRR && !structure->trouble)
		add_rmrr(arena, host, structure, remapping);
	if (structure->type == VIA_DMAR_ATSR) {
		remapping->ats_ports += structure->scopes.count;
		remapping->ats_all |= structure->flags & 1;
	}
}

const struct via_remapping *remapping_new(struct via_arena *arena, const struct via_host *host)
{
	struct via_remapping *remapping = arena_new_object(arena, struct via_remapping);

	if (host->firmware.dmar.decoded) {
		via_for_each (structure, &host->firmware.dmar.dmar.structures)
			add_structure(arena, host, structure, remapping);
	} else if (host->firmware.ivrs.decoded) {
		remapping->amd = true;
		remapping_add_ivrs(arena, host, remapping);
	}
	return remapping;
}

/* The function whose requests the table speaks of. */
static const struct via_pci_device *table_device(const struct via_host *host,
						 const struct via_pci_device *device)
{
	struct via_pci_address physical;
	const struct via_pci_device *found;

	if (device->dma_device)
		device = device->dma_device;
	if (fact_text(&device->physfn) && address_parse(device->physfn.text, &physical) == 0) {
		found = pci_find(&host->pci, physical);
		return found ? found : device;
	}
	return device;
}

static bool names(const struct via_named_device *named, const struct via_pci_device *device)
{
	if (!named->device)
		return false;
	if (named->device == device)
		return true;
	for (const struct via_pci_device *at = device; named->below && at; at = at->parent)
		if (at == named->device)
			return true;
	return false;
}

static bool unit_names(const struct via_remapping_unit *unit, const struct via_pci_device *device)
{
	if (unit->segment != device->address.domain)
		return false;
	if (unit->block)
		return ivhd_covers(unit->block, address_rid(device->address));
	via_for_each (named, &unit->named)
		if (names(named, device))
			return true;
	return false;
}

const struct via_remapping_unit *remapping_unit(const struct via_remapping *remapping,
						const struct via_host *host,
						const struct via_pci_device *device)
{
	device = table_device(host, device);
	via_for_each (unit, &remapping->units)
		if (unit_names(unit, device))
			return unit;
	/* The unit for all the rest comes last, wherever it stands in the table. */
	via_for_each (unit, &remapping->units)
		if (unit->all && !unit->block && unit->segment == device->address.domain)
			return unit;
	return NULL;
}

const struct via_firmware_region *remapping_region(const struct via_remapping *remapping,
						   const struct via_pci_device *device)
{
	via_for_each (region, &remapping->regions) {
		if (region->segment != device->address.domain || !region->direct)
			continue;
		if (region->all)
			return region;
		via_for_each (named, &region->named)
			if (names(named, device))
				return region;
	}
	return NULL;
}

bool region_is_relaxable(const struct via_remapping *remapping, const struct via_pci_device *device)
{
	return !remapping->amd && (pci_class_is(device, 0x030000, 0xff0000) ||
				   pci_class_is(device, 0x0c0300, 0xffff00));
}

bool unit_is_empty(const struct via_remapping_unit *unit)
{
	if (unit->all || unit->block || !unit->named.count)
		return false;
	via_for_each (named, &unit->named)
		if (named->device || named->untold)
			return false;
	return true;
}

const struct via_smbios_slot *firmware_slot(const struct via_host *host,
					    const struct via_pci_device *device)
{
	const struct via_smbios_slot *above = NULL;

	via_for_each (slot, &host->firmware.slots) {
		if (!slot->addressed || !slot->designation)
			continue;
		if (slot->address.domain == device->address.domain &&
		    slot->address.bus == device->address.bus &&
		    slot->address.device == device->address.device && device->address.bus)
			return slot;
		/* Some boards give the port's address in place of the card's. */
		if (device->parent && address_equal(slot->address, device->parent->address))
			above = slot;
	}
	return above;
}
