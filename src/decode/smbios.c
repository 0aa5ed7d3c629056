/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/smbios.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { HEADER = 4, TEXT_MAX = 256 };

/* One structure: the formatted bytes, and the strings behind them, each ended by a NUL. */
struct structure {
	uint8_t type;
	struct via_span bytes, strings, whole;
	const char *trouble;
};

/* Where the strings end: at two NULs, the second of which is not part of the first string. */
static size_t strings_size(struct via_span rest)
{
	for (size_t at = 0; at + 1 < rest.size; at++)
		if (!rest.data[at] && !rest.data[at + 1])
			return at + 2;
	return 0;
}

/* Takes the structure at @at and moves on; an untrustworthy length ends the walk. */
static bool take(struct via_span table, size_t *at, struct structure *ret)
{
	struct structure structure = { 0 };
	uint8_t length = 0;
	struct via_span rest;
	size_t strings;

	if (*at >= table.size)
		return false;
	span_u8(table, *at, &structure.type);
	if (!span_u8(table, *at + 1, &length) || length < HEADER || !span_has(table, *at, length)) {
		structure.trouble = "the length of a structure lies";
		*at = table.size;
		*ret = structure;
		return true;
	}
	structure.bytes = span_sub(table, *at, length);
	rest = span_sub(table, *at + length, table.size - *at - length);
	strings = strings_size(rest);
	if (!strings) {
		structure.trouble = "the strings of a structure have no end";
		strings = rest.size;
	}
	structure.strings = span_sub(rest, 0, strings);
	structure.whole = span_sub(table, *at, length + strings);
	*at += length + strings;
	*ret = structure;
	return true;
}

/* The bytes of string @number, counted from 1; empty when there is none such. */
static struct via_span string_bytes(const struct structure *structure, uint8_t number)
{
	const uint8_t *at = structure->strings.data;
	const uint8_t *end = at ? at + structure->strings.size : at;

	while (number && at < end && *at) {
		const uint8_t *stop = memchr(at, '\0', (size_t)(end - at));

		if (!stop)
			stop = end;
		if (!--number)
			return (struct via_span){ at, (size_t)(stop - at) };
		at = stop + 1;
	}
	return (struct via_span){ 0 };
}

/* The string whose number stands at @at of the formatted bytes. */
static const char *text_at(struct via_arena *arena, const struct structure *structure, size_t at)
{
	struct via_span bytes;
	uint8_t number = 0;
	char *text;

	span_u8(structure->bytes, at, &number);
	bytes = string_bytes(structure, number);
	while (bytes.size && isspace(bytes.data[bytes.size - 1]))
		bytes.size--;
	if (!bytes.size)
		return NULL;
	text = arena_strndup(arena, (const char *)bytes.data,
			     bytes.size < TEXT_MAX ? bytes.size : TEXT_MAX);
	for (char *c = text; *c; c++)
		if (!isascii((unsigned char)*c) || !isprint((unsigned char)*c))
			*c = '?';
	return text;
}

static uint8_t lanes_of(uint8_t width)
{
	static const uint8_t lanes[] = { [0x08] = 1,  [0x09] = 2,  [0x0a] = 4, [0x0b] = 8,
					 [0x0c] = 12, [0x0d] = 16, [0x0e] = 32 };

	return width < VIA_COUNT(lanes) ? lanes[width] : 0;
}

static enum via_slot_use use_of(uint8_t use)
{
	static const enum via_slot_use uses[] = {
		[3] = VIA_SLOT_FREE, [4] = VIA_SLOT_IN_USE, [5] = VIA_SLOT_UNAVAILABLE
	};

	return use < VIA_COUNT(uses) ? uses[use] : VIA_SLOT_USE_UNTOLD;
}

/* All ones are written where a slot has no address, or an empty one has none yet. */
static void decode_slot(struct via_arena *arena, const struct structure *structure,
			struct via_smbios *smbios)
{
	struct via_smbios_slot *slot = via_list_add(arena, &smbios->slots);
	uint16_t segment;
	uint8_t use = 0, bus, devfn;

	slot->designation = text_at(arena, structure, 4);
	span_u8(structure->bytes, 5, &slot->type);
	span_u8(structure->bytes, 6, &slot->width);
	span_u8(structure->bytes, 7, &use);
	slot->lanes = lanes_of(slot->width);
	slot->use = use_of(use);
	if (!span_u16(structure->bytes, 0x0d, &segment) || !span_u8(structure->bytes, 0x0f, &bus) ||
	    !span_u8(structure->bytes, 0x10, &devfn))
		return;
	if (segment == 0xffff || (bus == 0xff && devfn == 0xff) || (!segment && !bus && !devfn))
		return;
	slot->addressed = true;
	slot->address = (struct via_pci_address){
		.domain = segment, .bus = bus, .device = devfn >> 3, .function = devfn & 7
	};
}

static void first(const char **text, const char *value)
{
	if (!*text)
		*text = value;
}

static void decode_makers(struct via_arena *arena, const struct structure *structure,
			  struct via_smbios *smbios)
{
	switch (structure->type) {
	case VIA_SMBIOS_BIOS:
		first(&smbios->bios_vendor, text_at(arena, structure, 4));
		first(&smbios->bios_version, text_at(arena, structure, 5));
		first(&smbios->bios_date, text_at(arena, structure, 8));
		break;
	case VIA_SMBIOS_SYSTEM:
		first(&smbios->system_vendor, text_at(arena, structure, 4));
		first(&smbios->product_name, text_at(arena, structure, 5));
		first(&smbios->product_version, text_at(arena, structure, 6));
		first(&smbios->product_family, text_at(arena, structure, 0x1a));
		break;
	case VIA_SMBIOS_BOARD:
		first(&smbios->board_vendor, text_at(arena, structure, 4));
		first(&smbios->board_name, text_at(arena, structure, 5));
		first(&smbios->board_version, text_at(arena, structure, 6));
		break;
	default:
		break;
	}
}

static void decode_structure(struct via_arena *arena, const struct structure *structure,
			     struct via_smbios *smbios)
{
	uint16_t characteristics;

	decode_makers(arena, structure, smbios);
	/* Bit 7 of the chassis type says that it has a lock. */
	if (structure->type == VIA_SMBIOS_CHASSIS && !smbios->chassis_type &&
	    span_u8(structure->bytes, 5, &smbios->chassis_type))
		smbios->chassis_type &= 0x7f;
	if (structure->type == VIA_SMBIOS_PROCESSOR &&
	    span_u16(structure->bytes, 0x26, &characteristics))
		smbios->processor_virtualization |= characteristics >> 6 & 1;
	if (structure->type == VIA_SMBIOS_SLOT)
		decode_slot(arena, structure, smbios);
}

int smbios_decode(struct via_arena *arena, struct via_span table, struct via_smbios *ret)
{
	struct via_smbios smbios = { 0 };
	struct structure structure;

	for (size_t at = 0; take(table, &at, &structure);) {
		if (structure.trouble)
			first(&smbios.trouble, structure.trouble);
		if (!structure.bytes.size)
			break;
		smbios.structures++;
		if (structure.type == VIA_SMBIOS_END)
			break;
		decode_structure(arena, &structure, &smbios);
	}
	*ret = smbios;
	return smbios.trouble ? -EBADMSG : 0;
}

static bool sums_to_zero(struct via_span bytes)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < bytes.size; i++)
		sum = (uint8_t)(sum + bytes.data[i]);
	return bytes.size && !sum;
}

int smbios_entry_decode(struct via_span bytes, struct via_smbios_entry *ret)
{
	struct via_smbios_entry entry = { 0 };
	uint8_t length = 0;
	uint16_t size = 0;

	if (span_has(bytes, 0, 0x18) && memcmp(bytes.data, "_SM3_", 5) == 0) {
		span_u8(bytes, 6, &length);
		span_u8(bytes, 7, &entry.major);
		span_u8(bytes, 8, &entry.minor);
		span_u32(bytes, 0x0c, &entry.table_length);
	} else if (span_has(bytes, 0, 0x1e) && memcmp(bytes.data, "_SM_", 4) == 0) {
		span_u8(bytes, 5, &length);
		span_u8(bytes, 6, &entry.major);
		span_u8(bytes, 7, &entry.minor);
		span_u16(bytes, 0x16, &size);
		entry.table_length = size;
	} else {
		return -EBADMSG;
	}
	entry.checksum_ok = sums_to_zero(span_sub(bytes, 0, length));
	*ret = entry;
	return 0;
}

bool smbios_text_is_filler(const char *text)
{
	static const char *const fillers[] = {
		"to be filled by o.e.m",
		"default string",
		"not specified",
		"system manufacturer",
		"system product name",
		"not applicable",
		"o.e.m.",
		"oem",
		"none",
		"n/a",
		"base board product",
		"type2 -",
	};

	if (!text || !*text)
		return true;
	for (size_t i = 0; i < VIA_COUNT(fillers); i++)
		if (strncasecmp(text, fillers[i], strlen(fillers[i])) == 0)
			return true;
	return false;
}

/* Which of a structure's strings tell one machine from its twins. */
static const struct {
	enum via_smbios_type type;
	uint8_t strings[3];
} kept[] = {
	{ VIA_SMBIOS_BIOS, { 0 } },
	{ VIA_SMBIOS_SYSTEM, { 7 } },
	{ VIA_SMBIOS_BOARD, { 7, 8, 10 } },
	{ VIA_SMBIOS_CHASSIS, { 7, 8 } },
	{ VIA_SMBIOS_PROCESSOR, { 0x20, 0x21 } },
	{ VIA_SMBIOS_SLOT, { 0 } },
	{ VIA_SMBIOS_END, { 0 } },
};

static void blank_string(const struct structure *structure, uint8_t at, uint8_t *copy)
{
	struct via_span bytes;
	uint8_t number = 0;

	span_u8(structure->bytes, at, &number);
	bytes = string_bytes(structure, number);
	if (bytes.size)
		memset(copy + (bytes.data - structure->whole.data), '0', bytes.size);
}

static size_t copy_kept(const struct structure *structure, uint8_t *copy)
{
	for (size_t i = 0; i < VIA_COUNT(kept); i++) {
		if (kept[i].type != structure->type)
			continue;
		memcpy(copy, structure->whole.data, structure->whole.size);
		for (size_t s = 0; s < VIA_COUNT(kept[i].strings) && kept[i].strings[s]; s++)
			blank_string(structure, kept[i].strings[s], copy);
		if (structure->type == VIA_SMBIOS_SYSTEM && structure->bytes.size >= 0x18)
			memset(copy + 8, 0, 16);
		return structure->whole.size;
	}
	return 0;
}

struct via_span smbios_without_secrets(struct via_arena *arena, struct via_span table)
{
	uint8_t *copy = arena_alloc(arena, table.size + 1);
	struct structure structure;
	size_t size = 0;

	for (size_t at = 0; take(table, &at, &structure);) {
		if (!structure.whole.size)
			break;
		size += copy_kept(&structure, copy + size);
		if (structure.type == VIA_SMBIOS_END)
			break;
	}
	return (struct via_span){ copy, size };
}
