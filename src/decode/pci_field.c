/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/pci_field.h"

#include <string.h>

void reading_want(struct via_reading *reading, size_t offset, size_t size)
{
	size_t at = reading->capability->offset + offset;

	if (reading->window && at < reading->config.size)
		pci_window_want(reading->window, at,
				size < reading->config.size - at ? size
								 : reading->config.size - at);
}

bool reading_has(struct via_reading *reading, size_t offset, size_t size)
{
	if (reading->window) {
		pci_window_want(reading->window, reading->capability->offset + offset, size);
		if (reading->window->size < reading->config.size)
			reading->config.size = reading->window->size;
	}
	return span_has(reading->config, reading->capability->offset + offset, size);
}

uint64_t reading_bits(struct via_reading *reading, size_t offset, unsigned int low,
		      unsigned int bits)
{
	size_t first = offset + low / 8, size = (low % 8 + bits + 7) / 8;
	const uint8_t *bytes;
	uint64_t value = 0;

	if (!reading_has(reading, first, size)) {
		reading->cut_short = true;
		return 0;
	}
	bytes = reading->config.data + reading->capability->offset + first;
	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	value >>= low % 8;
	return bits < 64 ? value & ((UINT64_C(1) << bits) - 1) : value;
}

void reading_add(struct via_reading *reading, const char *name, enum via_capability_field_kind kind,
		 uint64_t value)
{
	*via_list_add(reading->arena, &reading->capability->fields) =
		(struct via_capability_field){ .name = name, .kind = kind, .value = value };
}

void reading_add_text(struct via_reading *reading, const char *name, const char *text)
{
	*via_list_add(reading->arena, &reading->capability->fields) =
		(struct via_capability_field){ .name = name, .kind = VIA_FIELD_TEXT, .text = text };
}

static const char *word(const struct via_field *field, uint64_t value)
{
	const char *text = value < field->word_count ? field->words[value] : NULL;

	return text ? text : "reserved";
}

static void add_field(struct via_reading *reading, const struct via_field *field, size_t base,
		      const char *name)
{
	size_t first = base + field->offset + field->low / 8;
	struct via_capability_field *added;
	uint64_t raw;

	if (!reading_has(reading, first, (field->low % 8 + field->bits + 7u) / 8)) {
		reading->cut_short = true;
		return;
	}
	raw = reading_bits(reading, base + field->offset, field->low, field->bits);
	added = via_list_add(reading->arena, &reading->capability->fields);
	*added = (struct via_capability_field){
		.name = name,
		.kind = field->kind,
		.value = field->convert ? field->convert(raw) : raw,
		.text = field->kind == VIA_FIELD_TEXT ? word(field, raw) : NULL,
	};
}

void reading_fields_at(struct via_reading *reading, const struct via_field *fields, size_t count,
		       size_t base, const char *prefix, const char *suffix)
{
	for (size_t i = 0; i < count; i++) {
		const char *name = fields[i].name;

		if (prefix || suffix)
			name = arena_paste(reading->arena, prefix ? prefix : "", name,
					   suffix ? suffix : "");
		add_field(reading, &fields[i], base, name);
	}
}

uint64_t field_plus_one(uint64_t raw)
{
	return raw + 1;
}

uint64_t field_power_of_two(uint64_t raw)
{
	return UINT64_C(1) << raw;
}

uint64_t field_payload_bytes(uint64_t raw)
{
	return UINT64_C(128) << raw;
}

uint64_t field_times_8(uint64_t raw)
{
	return raw * 8;
}

uint64_t field_times_4k(uint64_t raw)
{
	return raw * 4096;
}
