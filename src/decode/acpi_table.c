/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/acpi_table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static const struct via_acpi_field header_fields[] = {
	{ .name = "revision", .at = 8, .size = 1 },
	{ .name = "oem_id", .at = 10, .size = 6, .kind = VIA_ACPI_TEXT },
	{ .name = "oem_table_id", .at = 16, .size = 8, .kind = VIA_ACPI_TEXT },
	{ .name = "oem_revision", .at = 24, .size = 4, .kind = VIA_ACPI_HEX },
	{ .name = "compiler_id", .at = 28, .size = 4, .kind = VIA_ACPI_TEXT },
	{ .name = "compiler_revision", .at = 32, .size = 4, .kind = VIA_ACPI_HEX },
};

struct via_acpi_fields acpi_header_fields(void)
{
	return VIA_ACPI_FIELDS(header_fields);
}

void acpi_trouble(struct via_arena *arena, const char **trouble, const char *format, ...)
{
	va_list arguments;

	if (*trouble)
		return;
	va_start(arguments, format);
	*trouble = arena_vprintf(arena, format, arguments);
	va_end(arguments);
}

const char *acpi_text(struct via_arena *arena, struct via_span bytes, size_t at, size_t size)
{
	struct via_span part = span_sub(bytes, at, size);
	char *text, *end;
	size_t length = 0;

	if (!span_has(bytes, at, size))
		return NULL;
	while (length < part.size && part.data[length])
		length++;
	while (length && part.data[length - 1] == ' ')
		length--;
	text = end = arena_alloc(arena, length * 4 + 1);
	for (size_t i = 0; i < length; i++) {
		if (part.data[i] >= ' ' && part.data[i] < 0x7f)
			*end++ = (char)part.data[i];
		else
			end += snprintf(end, 5, "\\x%02x", part.data[i]);
	}
	return text;
}

unsigned int acpi_field_bits(const struct via_acpi_field *field)
{
	return field->bits ? field->bits : field->size * 8u;
}

bool acpi_field_number(struct via_span bytes, const struct via_acpi_field *field, uint64_t *ret)
{
	unsigned int bits = acpi_field_bits(field);
	uint64_t value = 0;

	if (!field->size || field->size > 8 || !span_has(bytes, field->at, field->size))
		return false;
	for (size_t i = 0; i < field->size; i++)
		value |= (uint64_t)bytes.data[field->at + i] << i * 8;
	value >>= field->shift;
	*ret = bits < 64 ? value & ((UINT64_C(1) << bits) - 1) : value;
	return true;
}

const char *acpi_field_text(struct via_arena *arena, struct via_span bytes,
			    const struct via_acpi_field *field)
{
	if (field->at > bytes.size)
		return NULL;
	return acpi_text(arena, bytes, field->at,
			 field->size ? field->size : bytes.size - field->at);
}

const char *acpi_flag_name(struct via_arena *arena, const struct via_acpi_field *field,
			   unsigned int bit)
{
	const char *name = field->flags[bit];

	return name ? name : arena_printf(arena, "bit%u", bit + field->shift);
}

struct via_acpi_record acpi_record_take(struct via_arena *arena, struct via_span whole, size_t *at,
					size_t length, size_t least)
{
	struct via_acpi_record record = { .offset = *at, .length = length };
	size_t left = whole.size - *at;

	if (left < least) {
		acpi_trouble(arena, &record.trouble, "%zu stray bytes at the end", left);
		length = left;
	} else if (length < least) {
		acpi_trouble(arena, &record.trouble,
			     "its length of %zu is less than its own %zu bytes of header", length,
			     least);
		length = least;
	} else if (length > left) {
		acpi_trouble(arena, &record.trouble, "its length of %zu passes the end by %zu",
			     length, length - left);
		length = left;
	}
	record.bytes = span_sub(whole, *at, length);
	*at = record.trouble ? whole.size : *at + length;
	return record;
}

static enum via_checksum checksum(struct via_span bytes)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < bytes.size; i++)
		sum = (uint8_t)(sum + bytes.data[i]);
	return sum ? VIA_CHECKSUM_WRONG : VIA_CHECKSUM_GOOD;
}

/* A length that cannot be true bounds nothing: then all the bytes count as the table. */
static void bound(struct via_arena *arena, struct via_span bytes, uint32_t length,
		  struct via_acpi_table *table)
{
	if (length < ACPI_HEADER_SIZE) {
		acpi_trouble(arena, &table->trouble,
			     "the table's length of %u is less than its header", length);
	} else if (length > bytes.size) {
		acpi_trouble(arena, &table->trouble,
			     "the table is cut short: %zu of its %u bytes are there", bytes.size,
			     length);
	} else {
		table->bytes = span_sub(bytes, 0, length);
		table->trailing = bytes.size - length;
		table->checksum = checksum(table->bytes);
	}
}

int acpi_table_decode(struct via_arena *arena, struct via_span bytes, struct via_acpi_table *ret)
{
	struct via_acpi_table table = {
		.bytes = bytes,
		.signature = acpi_text(arena, bytes, 0, 4),
	};
	uint32_t length;

	if (bytes.size < ACPI_HEADER_SIZE || !span_u32(bytes, 4, &length))
		acpi_trouble(arena, &table.trouble,
			     "the table is cut short: %zu bytes do not hold its header",
			     bytes.size);
	else
		bound(arena, bytes, length, &table);
	if (table.checksum == VIA_CHECKSUM_WRONG)
		acpi_trouble(arena, &table.trouble, "the checksum is wrong");
	*ret = table;
	return table.trouble ? -EBADMSG : 0;
}
