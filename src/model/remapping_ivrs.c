/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/remapping_part.h"

#include "base/cleanup.h"

enum { IVMD_UNITY = 1 << 0, IVMD_READ = 1 << 1, IVMD_WRITE = 1 << 2, IVMD_EXCLUSION = 1 << 3 };

static bool starts_range(uint8_t type)
{
	return type == VIA_IVRS_RANGE_START || type == VIA_IVRS_ALIAS_RANGE_START ||
	       type == VIA_IVRS_EXTENDED_RANGE_START;
}

static bool selects(uint8_t type)
{
	return type == VIA_IVRS_SELECT || type == VIA_IVRS_ALIAS_SELECT ||
	       type == VIA_IVRS_EXTENDED_SELECT;
}

bool ivhd_covers(const struct via_ivrs_block *block, uint16_t rid)
{
	bool open = false;
	uint16_t from = 0;

	via_for_each (entry, &block->entries) {
		if (entry->trouble)
			continue;
		if (entry->type == VIA_IVRS_ALL ||
		    (selects(entry->type) && entry->device_id == rid))
			return true;
		if (starts_range(entry->type)) {
			open = true;
			from = entry->device_id;
		} else if (entry->type == VIA_IVRS_RANGE_END && open) {
			open = false;
			if (rid >= from && rid <= entry->device_id)
				return true;
		}
	}
	return false;
}

/* A unit is described once for each kind of IVHD; kernels take the highest they know. */
static bool described_better(const struct via_ivrs *ivrs, const struct via_ivrs_block *block)
{
	via_for_each (other, &ivrs->blocks)
		if (ivrs_is_ivhd(other->type) && !other->trouble && other != block &&
		    other->device_id == block->device_id && other->segment == block->segment &&
		    (other->type > block->type || (other->type == block->type && other < block)))
			return true;
	return false;
}

static const struct via_pci_device *by_rid(const struct via_host *host, uint32_t segment,
					   uint16_t rid)
{
	return pci_find(&host->pci, (struct via_pci_address){ .domain = segment,
							      .bus = (uint8_t)(rid >> 8),
							      .device = (uint8_t)(rid >> 3 & 0x1f),
							      .function = (uint8_t)(rid & 7) });
}

static const char *rid_text(struct via_arena *arena, uint16_t rid)
{
	return arena_printf(arena, "%02x:%02x.%x", rid >> 8, rid >> 3 & 0x1f, rid & 7);
}

static void add_unit(struct via_arena *arena, const struct via_ivrs_block *block,
		     struct via_remapping *remapping)
{
	struct via_remapping_unit *unit = via_list_add(arena, &remapping->units);

	unit->name = arena_printf(arena, "IVHD at 0x%llx (%s)", (unsigned long long)block->base,
				  rid_text(arena, block->device_id));
	unit->segment = block->segment;
	unit->base = block->base;
	unit->block = block;
	via_for_each (entry, &block->entries)
		unit->all |= entry->type == VIA_IVRS_ALL;
}

/* Those of a range that are there; a range of thousands names few. */
static void name_range(struct via_arena *arena, const struct via_host *host,
		       const struct via_ivrs_block *block, struct via_firmware_region *region)
{
	via_for_each (device, &host->pci.devices) {
		uint16_t rid = address_rid(device->address);

		if (device->address.domain == block->segment && rid >= block->device_id &&
		    rid <= block->last_device_id)
			*via_list_add(arena, &region->named) =
				(struct via_named_device){ .path = rid_text(arena, rid),
							   .device = device };
	}
}

static void add_region(struct via_arena *arena, const struct via_host *host,
		       const struct via_ivrs_block *block, struct via_remapping *remapping)
{
	struct via_firmware_region *region = via_list_add(arena, &remapping->regions);

	region->segment = block->segment;
	region->base = block->base;
	region->last = block->base + block->size - 1;
	region->name = arena_printf(arena, "IVMD 0x%llx-0x%llx", (unsigned long long)region->base,
				    (unsigned long long)region->last);
	region->all = block->type == VIA_IVRS_IVMD20;
	region->direct = !(block->flags & IVMD_EXCLUSION) &&
			 (block->flags & (IVMD_UNITY | IVMD_READ | IVMD_WRITE));
	region->broken = !block->size || region->last < region->base;
	if (block->type == VIA_IVRS_IVMD21)
		*via_list_add(arena, &region->named) = (struct via_named_device){
			.path = rid_text(arena, block->device_id),
			.device = by_rid(host, block->segment, block->device_id),
			.untold = !fact_is(&host->pci.bus, VIA_PRESENT),
		};
	if (block->type == VIA_IVRS_IVMD22)
		name_range(arena, host, block, region);
}

void remapping_add_ivrs(struct via_arena *arena, const struct via_host *host,
			struct via_remapping *remapping)
{
	const struct via_ivrs *ivrs = &host->firmware.ivrs.ivrs;

	via_for_each (block, &ivrs->blocks) {
		if (block->trouble)
			continue;
		if (ivrs_is_ivhd(block->type) && !described_better(ivrs, block))
			add_unit(arena, block, remapping);
		else if (ivrs_is_ivmd(block->type))
			add_region(arena, host, block, remapping);
	}
}
