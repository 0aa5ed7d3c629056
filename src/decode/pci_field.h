/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "decode/pci_capability.h"
#include "decode/pci_window.h"

/*
 * What the capability tables are written in: a field is a name for some bits of a
 * register, and a capability is a list of fields plus, where which fields there are
 * depends on others, a small function.
 */

/**
 * struct via_field - one field of a capability
 * @offset: of its register, from the first byte of the capability
 * @low: its lowest bit in that register
 * @bits: how many; the register's width needs no saying, only the field's bytes are read
 * @words: what each value is called (VIA_FIELD_TEXT); NULL and past the end: "reserved"
 * @convert: from the bits to the unit in the name; NULL takes them as they are
 */
struct via_field {
	const char *name;
	uint16_t offset;
	uint8_t low, bits;
	enum via_capability_field_kind kind;
	const char *const *words;
	size_t word_count;
	uint64_t (*convert)(uint64_t raw);
};

#define FIELD(offset_, low_, bits_, name_, kind_, ...)                                \
	{                                                                             \
		.name = (name_), .offset = (offset_), .low = (low_), .bits = (bits_), \
		.kind = (kind_), __VA_ARGS__                                          \
	}
#define BIT(offset, low, name)		FIELD(offset, low, 1, name, VIA_FIELD_BOOL)
#define NUMBER(offset, low, bits, name) FIELD(offset, low, bits, name, VIA_FIELD_NUMBER)
#define HEX(offset, low, bits, name)	FIELD(offset, low, bits, name, VIA_FIELD_HEX)
#define ID(offset, name)		FIELD(offset, 0, 16, name, VIA_FIELD_ID)
#define UNIT(offset, low, bits, name, f) \
	FIELD(offset, low, bits, name, VIA_FIELD_NUMBER, .convert = (f))
#define ADDRESS(offset, low, bits, name, f) \
	FIELD(offset, low, bits, name, VIA_FIELD_HEX, .convert = (f))
#define WORD(offset, low, bits, name, list)                             \
	FIELD(offset, low, bits, name, VIA_FIELD_TEXT, .words = (list), \
	      .word_count = sizeof(list) / sizeof((list)[0]))

/* A table and its length, as two arguments. */
#define TABLE(table) (table), sizeof(table) / sizeof((table)[0])

/**
 * struct via_reading - one capability while it is read
 * @window: NULL, or what @config is read by as it is needed
 * @config: where its registers are: 256 bytes for the standard list, 4096 for the extended
 * @pcie_type: port type of the function, or -1 where it is not PCI Express
 * @header_type: 0 device, 1 bridge, 2 CardBus
 * @cut_short: a field lay outside of @config
 */
struct via_reading {
	struct via_arena *arena;
	struct via_pci_window *window;
	struct via_span config;
	struct via_capability *capability;
	int pcie_type;
	uint8_t header_type;
	bool cut_short;
};

/**
 * struct via_capability_layout - one row of a table of capabilities
 * @more: adds the fields that are only there under a condition; may be NULL
 */
struct via_capability_layout {
	uint16_t id;
	const char *name;
	const struct via_field *fields;
	size_t field_count;
	void (*more)(struct via_reading *reading);
};

/* The tables; each ends with a row without a name. */
extern const struct via_capability_layout standard_capabilities[];
extern const struct via_capability_layout legacy_capabilities[];
extern const struct via_capability_layout express_capabilities[];
extern const struct via_capability_layout virtual_capabilities[];
extern const struct via_capability_layout error_capabilities[];
extern const struct via_capability_layout link_capabilities[];
extern const struct via_capability_layout fabric_capabilities[];
extern const struct via_capability_layout encryption_capabilities[];

/* reading_want - that much of the capability is needed: better read at once than bit by bit */
void reading_want(struct via_reading *reading, size_t offset, size_t size);

/* reading_has - whether @size bytes at @offset of the capability are there */
bool reading_has(struct via_reading *reading, size_t offset, size_t size);

/* reading_bits - bits of a register; 0, and cut_short, when they are not there */
uint64_t reading_bits(struct via_reading *reading, size_t offset, unsigned int low,
		      unsigned int bits);

/**
 * reading_fields - add every field of a table that is there
 * @base: added to each offset
 * @prefix, @suffix: put around each name; NULL for none
 */
void reading_fields_at(struct via_reading *reading, const struct via_field *fields, size_t count,
		       size_t base, const char *prefix, const char *suffix);
static inline void reading_fields(struct via_reading *reading, const struct via_field *fields,
				  size_t count)
{
	reading_fields_at(reading, fields, count, 0, NULL, NULL);
}

/* Fields that were worked out; names must outlive the arena. */
void reading_add(struct via_reading *reading, const char *name, enum via_capability_field_kind kind,
		 uint64_t value);
void reading_add_text(struct via_reading *reading, const char *name, const char *text);

/* Common conversions. */
uint64_t field_plus_one(uint64_t raw);
uint64_t field_power_of_two(uint64_t raw);
uint64_t field_payload_bytes(uint64_t raw); /* 128 << raw */
uint64_t field_times_8(uint64_t raw);
uint64_t field_times_4k(uint64_t raw);
