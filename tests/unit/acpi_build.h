/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <assert.h>
#include <stdint.h>

#include "base/span.h"

/* ACPI tables built byte by byte. */
struct built {
	uint8_t bytes[1024];
	size_t size;
};

static inline size_t put(struct built *table, uint64_t value, size_t size)
{
	size_t at = table->size;

	assert(at + size <= sizeof(table->bytes));
	for (size_t i = 0; i < size; i++)
		table->bytes[table->size++] = i < sizeof(value) ? (uint8_t)(value >> i * 8) : 0;
	return at;
}

static inline size_t put_text(struct built *table, const char *text, size_t size)
{
	size_t at = table->size;

	assert(at + size <= sizeof(table->bytes));
	for (size_t i = 0; i < size && text[i]; i++)
		table->bytes[at + i] = (uint8_t)text[i];
	table->size += size;
	return at;
}

static inline void patch(struct built *table, size_t at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		table->bytes[at + i] = (uint8_t)(value >> i * 8);
}

static inline void begin(struct built *table, const char *signature, uint8_t revision)
{
	*table = (struct built){ 0 };
	put_text(table, signature, 4);
	put(table, 0, 4);
	put(table, revision, 1);
	put(table, 0, 1);
	put_text(table, "VIA\xfe ", 6);
	put_text(table, "HANDMADE", 8);
	put(table, 0x20240131, 4);
	put_text(table, "HAND", 4);
	put(table, 7, 4);
}

static inline struct via_span sum_up(struct built *table)
{
	uint8_t sum = 0;

	table->bytes[9] = 0;
	for (size_t i = 0; i < table->size; i++)
		sum = (uint8_t)(sum + table->bytes[i]);
	table->bytes[9] = (uint8_t)-sum;
	return (struct via_span){ table->bytes, table->size };
}

/* finish - write length and checksum; the bytes stay the builder's */
static inline struct via_span finish(struct built *table)
{
	patch(table, 4, table->size, 4);
	return sum_up(table);
}

static inline void begin_dmar(struct built *table)
{
	begin(table, "DMAR", 1);
	put(table, 38, 1);
	put(table, 0x05, 1);
	put(table, 0, 8);
	put(table, 0, 2);
}

static inline void put_scope(struct built *table, uint8_t type, uint8_t id, uint8_t bus,
			     const uint8_t (*hops)[2], size_t count)
{
	put(table, type, 1);
	put(table, 6 + 2 * count, 1);
	put(table, 0, 2);
	put(table, id, 1);
	put(table, bus, 1);
	for (size_t i = 0; i < count; i++) {
		put(table, hops[i][0], 1);
		put(table, hops[i][1], 1);
	}
}

/* put_drhd - without scopes; returns where it starts, for end_record() */
static inline size_t put_drhd(struct built *table, uint8_t flags, uint64_t base)
{
	size_t at = put(table, 0, 2);

	put(table, 16, 2);
	put(table, flags, 1);
	put(table, 1, 1);
	put(table, 2, 2);
	put(table, base, 8);
	return at;
}

/* end_record - its length, at +2, becomes what was put since */
static inline void end_record(struct built *table, size_t at)
{
	patch(table, at + 2, table->size - at, 2);
}

static inline void begin_ivrs(struct built *table)
{
	begin(table, "IVRS", 2);
	put(table, 1 | 2 << 5 | 48 << 8 | 64 << 15, 4);
	put(table, 0, 8);
}

static inline size_t put_ivhd(struct built *table, uint8_t type)
{
	size_t at = put(table, type, 1);

	put(table, 0xb0, 1);
	put(table, 0, 2);
	put(table, 0x0002, 2);
	put(table, 0x40, 2);
	put(table, 0xfd200000, 8);
	put(table, 3, 2);
	put(table, 0x0105, 2);
	put(table, 0x80048f6e, 4);
	if (type != 0x10) {
		put(table, 0x246577efa2254afa, 8);
		put(table, 0x10, 8);
	}
	return at;
}

static inline size_t put_entry(struct built *table, uint8_t type, uint16_t device, uint8_t data)
{
	size_t at = put(table, type, 1);

	put(table, device, 2);
	put(table, data, 1);
	return at;
}

static inline size_t put_hid_entry(struct built *table, uint8_t uid_format, const char *uid,
				   size_t uid_size)
{
	size_t at = put_entry(table, 0xf0, 0x00a5, 0x40);

	put_text(table, "AMDI0020", 8);
	put(table, 0, 8);
	put(table, uid_format, 1);
	put(table, uid_size, 1);
	put_text(table, uid, uid_size);
	return at;
}

static inline void put_every_dmar_structure(struct built *built)
{
	static const uint8_t one[][2] = { { 2, 0 } }, two[][2] = { { 0x1c, 4 }, { 0, 0 } };
	size_t at;

	begin_dmar(built);
	at = put_drhd(built, 1, 0xfed91000);
	put_scope(built, 3, 2, 0xf0, (const uint8_t[][2]){ { 0x1f, 7 } }, 1);
	put_scope(built, 4, 0, 0xf0, (const uint8_t[][2]){ { 0x0f, 0 } }, 1);
	end_record(built, at);
	at = put(built, 1, 2); /* RMRR */
	put(built, 0, 4);
	put(built, 1, 2);
	put(built, 0x9d000000, 8);
	put(built, 0x9f7fffff, 8);
	put_scope(built, 1, 0, 0, one, 1);
	put_scope(built, 1, 0, 0, two, 2);
	end_record(built, at);
	at = put(built, 2, 2); /* ATSR */
	put(built, 0, 2);
	put(built, 1, 2);
	put(built, 4, 2);
	put_scope(built, 2, 0, 0, two, 1);
	end_record(built, at);
	at = put(built, 3, 2); /* RHSA */
	put(built, 0, 6);
	put(built, 0xfed91000, 8);
	put(built, 0x12345678, 4);
	end_record(built, at);
	at = put(built, 4, 2); /* ANDD */
	put(built, 0, 5);
	put(built, 9, 1);
	put_text(built, "\\_SB.PCI0.I2C0", 16);
	end_record(built, at);
	at = put(built, 5, 2); /* SATC */
	put(built, 0, 2);
	put(built, 1, 2);
	put(built, 5, 2);
	put_scope(built, 5, 9, 0, one, 1);
	end_record(built, at);
	at = put(built, 6, 2); /* SIDP */
	put(built, 0, 4);
	put(built, 6, 2);
	put_scope(built, 9, 9, 0, one, 0);
	end_record(built, at);
	at = put(built, 77, 2);
	put(built, 0, 2);
	put(built, 0xabcd, 2);
	end_record(built, at);
}

static inline void put_every_ivrs_block(struct built *built)
{
	size_t at;

	begin_ivrs(built);
	at = put_ivhd(built, 0x10);
	put_entry(built, 0, 0, 0);
	put_entry(built, 1, 0, 0);
	put_entry(built, 2, 0x0100, 0);
	put_entry(built, 3, 0x0008, 0xd7);
	put_entry(built, 4, 0xfffe, 0);
	end_record(built, at);
	at = put_ivhd(built, 0x11);
	put_entry(built, 0x40, 0, 0);
	put(built, 0, 4);
	put_entry(built, 0x42, 0x0200, 0);
	put(built, 0x00a400, 4);
	put_entry(built, 0x43, 0xff00, 0);
	put(built, 0x00a500, 4);
	put_entry(built, 0x46, 0x0300, 0);
	put(built, UINT32_C(1) << 31, 4);
	put_entry(built, 0x47, 0x0400, 0);
	put(built, 0, 4);
	put_entry(built, 0x48, 0, 0xd7);
	put(built, 0x0100a021, 4);
	put_entry(built, 0x48, 0, 0);
	put(built, 0x0200a000, 4);
	end_record(built, at);
	at = put_ivhd(built, 0x40);
	put_hid_entry(built, 0, "", 0);
	put_hid_entry(built, 1, "\x05\x01\0\0\0\0\0\0", 8);
	put_hid_entry(built, 2, "\\_SB.FUR0", 9);
	end_record(built, at);
	for (uint8_t type = 0x20; type <= 0x22; type++) {
		put(built, type, 1);
		put(built, 0x07, 1);
		put(built, 32, 2);
		put(built, 0x0060, 2);
		put(built, 0x0067, 2);
		put(built, 1, 8);
		put(built, 0x7d900000, 8);
		put(built, 0x100000, 8);
	}
	put(built, 0x51, 1);
	put(built, 0x08, 1);
	put(built, 8, 2);
	put(built, 0xfeed, 4);
}
