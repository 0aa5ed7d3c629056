/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/dmar.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

enum { DMAR_FIRST = 48, DMAR_LEAST = 4, SCOPE_LEAST = 6 };

/* What a structure of each type has before its scopes, or at all where it has none. */
static const struct {
	uint8_t fixed;
	bool scopes;
} layouts[] = {
	[VIA_DMAR_DRHD] = { 16, true }, [VIA_DMAR_RMRR] = { 24, true },
	[VIA_DMAR_ATSR] = { 8, true },	[VIA_DMAR_RHSA] = { 20, false },
	[VIA_DMAR_ANDD] = { 8, false }, [VIA_DMAR_SATC] = { 8, true },
	[VIA_DMAR_SIDP] = { 8, true },
};
_Static_assert(VIA_COUNT(layouts) == VIA_DMAR_SIDP + 1, "a layout for each type");

static void decode_scope(struct via_arena *arena, struct via_acpi_record record, size_t base,
			 struct via_dmar_scope *scope)
{
	struct via_dmar_hop hop;

	scope->offset = base + record.offset;
	scope->bytes = record.bytes;
	scope->trouble = record.trouble;
	span_u8(record.bytes, 0, &scope->type);
	span_u8(record.bytes, 4, &scope->enumeration_id);
	span_u8(record.bytes, 5, &scope->start_bus);
	for (size_t at = SCOPE_LEAST;
	     span_u8(record.bytes, at, &hop.device) && span_u8(record.bytes, at + 1, &hop.function);
	     at += 2)
		*via_list_add(arena, &scope->path) = hop;
	if (record.length % 2)
		acpi_trouble(arena, &scope->trouble, "its length of %zu leaves half a hop",
			     record.length);
}

static void decode_scopes(struct via_arena *arena, struct via_dmar_structure *structure, size_t at)
{
	while (at < structure->bytes.size) {
		struct via_dmar_scope *scope = via_list_add(arena, &structure->scopes);
		struct via_acpi_record record;
		uint8_t length = 0;

		span_u8(structure->bytes, at + 1, &length);
		record = acpi_record_take(arena, structure->bytes, &at, length, SCOPE_LEAST);
		decode_scope(arena, record, structure->offset, scope);
		if (scope->trouble)
			acpi_trouble(arena, &structure->trouble, "scope at 0x%03zx: %s",
				     scope->offset, scope->trouble);
	}
}

static void decode_members(struct via_dmar_structure *structure)
{
	struct via_span bytes = structure->bytes;

	if (structure->type == VIA_DMAR_DRHD || structure->type == VIA_DMAR_ATSR ||
	    structure->type == VIA_DMAR_SATC)
		span_u8(bytes, 4, &structure->flags);
	if (structure->type != VIA_DMAR_RHSA && structure->type != VIA_DMAR_ANDD)
		span_u16(bytes, 6, &structure->segment);
	if (structure->type == VIA_DMAR_DRHD || structure->type == VIA_DMAR_RMRR ||
	    structure->type == VIA_DMAR_RHSA)
		span_u64(bytes, 8, &structure->base);
	if (structure->type == VIA_DMAR_RMRR)
		span_u64(bytes, 16, &structure->limit);
	if (structure->type == VIA_DMAR_RHSA)
		span_u32(bytes, 16, &structure->proximity_domain);
}

static void decode_name(struct via_arena *arena, struct via_dmar_structure *structure)
{
	struct via_span bytes = structure->bytes;

	span_u8(bytes, 7, &structure->device_number);
	if (bytes.size > 8)
		structure->name = acpi_text(arena, bytes, 8, bytes.size - 8);
	if (bytes.size < 8 || !memchr(bytes.data + 8, '\0', bytes.size - 8))
		acpi_trouble(arena, &structure->trouble, "its name has no end");
}

static void decode_structure(struct via_arena *arena, struct via_acpi_record record,
			     struct via_dmar_structure *structure)
{
	structure->offset = record.offset;
	structure->length = record.length;
	structure->bytes = record.bytes;
	structure->trouble = record.trouble;
	/* A type of 0 is a DRHD: padding and stray bytes must not become one. */
	structure->type = UINT16_MAX;
	if (record.length >= DMAR_LEAST)
		span_u16(record.bytes, 0, &structure->type);
	if (structure->type >= VIA_COUNT(layouts))
		return;
	if (record.bytes.size < layouts[structure->type].fixed)
		acpi_trouble(arena, &structure->trouble, "its length of %zu is less than %s needs",
			     record.length, dmar_type_name(structure->type));
	decode_members(structure);
	if (structure->type == VIA_DMAR_ANDD)
		decode_name(arena, structure);
	if (layouts[structure->type].scopes)
		decode_scopes(arena, structure, layouts[structure->type].fixed);
}

int dmar_decode(struct via_arena *arena, struct via_span table, struct via_dmar *ret)
{
	struct via_dmar dmar = { 0 };

	span_u8(table, 36, &dmar.width);
	span_u8(table, 37, &dmar.flags);
	if (table.size < DMAR_FIRST)
		acpi_trouble(arena, &dmar.trouble, "%zu bytes are less than a DMAR needs",
			     table.size);
	for (size_t at = DMAR_FIRST; at < table.size;) {
		struct via_dmar_structure *structure = via_list_add(arena, &dmar.structures);
		struct via_acpi_record record;
		uint16_t length = 0;

		span_u16(table, at + 2, &length);
		record = acpi_record_take(arena, table, &at, length, DMAR_LEAST);
		decode_structure(arena, record, structure);
		if (structure->trouble)
			acpi_trouble(arena, &dmar.trouble, "structure at 0x%03zx: %s",
				     structure->offset, structure->trouble);
	}
	*ret = dmar;
	return dmar.trouble ? -EBADMSG : 0;
}
