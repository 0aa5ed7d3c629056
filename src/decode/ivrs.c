/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/ivrs.h"

#include <errno.h>

enum {
	IVRS_FIRST = 48,
	BLOCK_LEAST = 4,
	IVHD10_HEADER = 24,
	IVHD11_HEADER = 40,
	IVMD_SIZE = 32,
	ENTRY_LEAST = 4,
	HID_FIXED = 22, /* an F0h entry without its uid */
};

enum { UID_NONE, UID_INTEGER, UID_TEXT };

/*
 * What the entry at @at takes. The two top bits tell it for the first half of the types;
 * for the others only F0h has a length that is told: 0.
 */
static size_t entry_length(struct via_span block, size_t at, uint8_t type)
{
	uint8_t uid_length = 0;

	if (type < 0x80)
		return (size_t)4 << (type >> 6);
	if (type != VIA_IVRS_ACPI_HID)
		return 0;
	span_u8(block, at + HID_FIXED - 1, &uid_length);
	return HID_FIXED + uid_length;
}

static void decode_uid(struct via_arena *arena, struct via_ivrs_entry *entry)
{
	struct via_span uid = { 0 };
	uint8_t format, length;
	uint64_t number = 0;

	if (!span_u8(entry->bytes, HID_FIXED - 2, &format) ||
	    !span_u8(entry->bytes, HID_FIXED - 1, &length))
		return;
	if (span_has(entry->bytes, HID_FIXED, length))
		uid = span_sub(entry->bytes, HID_FIXED, length);
	if (format == UID_TEXT && uid.size) {
		entry->uid = acpi_text(arena, uid, 0, uid.size);
	} else if (format == UID_INTEGER && uid.size && uid.size <= 8) {
		for (size_t i = 0; i < uid.size; i++)
			number |= (uint64_t)uid.data[i] << i * 8;
		entry->uid = arena_printf(arena, "%llu", (unsigned long long)number);
	} else if (format != UID_NONE) {
		acpi_trouble(arena, &entry->trouble, "a uid of format %u and %u bytes", format,
			     length);
	}
}

static void decode_entry_members(struct via_arena *arena, struct via_ivrs_entry *entry)
{
	switch (entry->type) {
	case VIA_IVRS_SPECIAL:
		span_u8(entry->bytes, 4, &entry->handle);
		span_u8(entry->bytes, 7, &entry->variety);
		span_u16(entry->bytes, 5, &entry->used_id);
		break;
	case VIA_IVRS_ALIAS_SELECT:
	case VIA_IVRS_ALIAS_RANGE_START:
		span_u16(entry->bytes, 5, &entry->used_id);
		break;
	case VIA_IVRS_ACPI_HID:
		decode_uid(arena, entry);
		break;
	}
}

static void decode_entry(struct via_arena *arena, const struct via_ivrs_block *block, size_t *at,
			 struct via_ivrs_entry *entry)
{
	struct via_acpi_record record;
	uint8_t type = 0;
	size_t length;

	span_u8(block->bytes, *at, &type);
	length = entry_length(block->bytes, *at, type);
	if (!length)
		acpi_trouble(arena, &entry->trouble, "no length is known for entry type 0x%02x",
			     type);
	record = acpi_record_take(arena, block->bytes, at, length ? length : SIZE_MAX, ENTRY_LEAST);
	entry->offset = block->offset + record.offset;
	entry->bytes = record.bytes;
	entry->type = type;
	if (record.trouble)
		acpi_trouble(arena, &entry->trouble, "%s", record.trouble);
	span_u16(entry->bytes, 1, &entry->device_id);
	span_u8(entry->bytes, 3, &entry->data);
	decode_entry_members(arena, entry);
}

static void decode_ivhd(struct via_arena *arena, struct via_ivrs_block *block)
{
	size_t at = block->type == VIA_IVRS_IVHD10 ? IVHD10_HEADER : IVHD11_HEADER;

	span_u64(block->bytes, 8, &block->base);
	span_u16(block->bytes, 16, &block->segment);
	if (block->type != VIA_IVRS_IVHD10)
		span_u64(block->bytes, 24, &block->efr);
	if (block->bytes.size < at)
		acpi_trouble(arena, &block->trouble, "its length of %zu is less than %s needs",
			     block->length, ivrs_type_name(block->type));
	while (at < block->bytes.size) {
		struct via_ivrs_entry *entry = via_list_add(arena, &block->entries);

		decode_entry(arena, block, &at, entry);
		if (entry->trouble)
			acpi_trouble(arena, &block->trouble, "entry at 0x%03zx: %s", entry->offset,
				     entry->trouble);
	}
}

static void decode_ivmd(struct via_arena *arena, struct via_ivrs_block *block)
{
	if (block->type == VIA_IVRS_IVMD22)
		span_u16(block->bytes, 6, &block->last_device_id);
	span_u16(block->bytes, 8, &block->segment);
	span_u64(block->bytes, 16, &block->base);
	span_u64(block->bytes, 24, &block->size);
	if (block->bytes.size < IVMD_SIZE)
		acpi_trouble(arena, &block->trouble, "its length of %zu is less than %s needs",
			     block->length, ivrs_type_name(block->type));
}

static void decode_block(struct via_arena *arena, struct via_acpi_record record,
			 struct via_ivrs_block *block)
{
	block->offset = record.offset;
	block->length = record.length;
	block->bytes = record.bytes;
	block->trouble = record.trouble;
	span_u8(record.bytes, 0, &block->type);
	span_u8(record.bytes, 1, &block->flags);
	span_u16(record.bytes, 4, &block->device_id);
	if (ivrs_is_ivhd(block->type))
		decode_ivhd(arena, block);
	else if (ivrs_is_ivmd(block->type))
		decode_ivmd(arena, block);
}

int ivrs_decode(struct via_arena *arena, struct via_span table, struct via_ivrs *ret)
{
	struct via_ivrs ivrs = { 0 };

	span_u32(table, 36, &ivrs.info);
	if (table.size < IVRS_FIRST)
		acpi_trouble(arena, &ivrs.trouble, "%zu bytes are less than an IVRS needs",
			     table.size);
	for (size_t at = IVRS_FIRST; at < table.size;) {
		struct via_ivrs_block *block = via_list_add(arena, &ivrs.blocks);
		struct via_acpi_record record;
		uint16_t length = 0;

		span_u16(table, at + 2, &length);
		record = acpi_record_take(arena, table, &at, length, BLOCK_LEAST);
		decode_block(arena, record, block);
		if (block->trouble)
			acpi_trouble(arena, &ivrs.trouble, "block at 0x%03zx: %s", block->offset,
				     block->trouble);
	}
	*ret = ivrs;
	return ivrs.trouble ? -EBADMSG : 0;
}
