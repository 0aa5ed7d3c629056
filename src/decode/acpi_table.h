/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * What every ACPI table shares: the header, and the walk over records that state their own
 * length. A decoder keeps the bytes of each record as a span into the caller's bytes (which
 * must live as long as the result) and a table of fields says how to read them, so that a
 * field which the bytes do not hold is told from one that is zero.
 *
 * Source: ACPI specification 6.5, 5.2.6 System Description Table Header
 */
enum { ACPI_HEADER_SIZE = 36 };

enum via_checksum {
	VIA_CHECKSUM_UNKNOWN, /* not all of the table is there */
	VIA_CHECKSUM_GOOD,
	VIA_CHECKSUM_WRONG,
};

/**
 * struct via_acpi_table - one table with its header
 * @bytes: as much of the table as there is, bounded by its own length where that makes sense
 * @trailing: bytes given beyond the table's length; they are not looked at
 * @trouble: the first thing that is wrong with the table, else NULL
 *
 * The texts have no padding, and bytes outside ASCII appear as \xNN; NULL: not all there.
 */
struct via_acpi_table {
	struct via_span bytes;
	size_t trailing;
	enum via_checksum checksum;
	const char *signature;
	const char *trouble;
};

/**
 * acpi_table_decode - header, bounds and checksum
 * @bytes: the table as the kernel, acpidump -b or a firmware image gives it
 * @ret: filled in as far as possible, on failure too
 *
 * Return: 0; -EBADMSG with a trouble when the header is cut short, the length is below the
 *         header's or beyond @bytes, or the checksum is wrong
 */
int acpi_table_decode(struct via_arena *arena, struct via_span bytes, struct via_acpi_table *ret);

enum via_acpi_field_kind {
	VIA_ACPI_NUMBER,
	VIA_ACPI_ADDRESS, /* "0x…" */
	VIA_ACPI_HEX,	  /* a register's bits: "0x…" */
	VIA_ACPI_RID,	  /* 16 bits of bus, device, function */
	VIA_ACPI_FLAGS,	  /* the names of the bits that are set */
	VIA_ACPI_TEXT,	  /* ends with its field or a NUL */
};

/**
 * struct via_acpi_field - where a record holds a value and how a person reads it
 * @name: the JSON key
 * @at, @size: in bytes; @size 0 reaches to the end of the record (texts)
 * @shift, @bits: the part of those bytes; @bits 0 is all of it
 * @flags: for VIA_ACPI_FLAGS, a name or NULL for each bit
 */
struct via_acpi_field {
	const char *name;
	uint8_t at, size;
	uint8_t shift, bits;
	enum via_acpi_field_kind kind;
	const char *const *flags;
};

struct via_acpi_fields {
	const struct via_acpi_field *items;
	size_t count;
};

#define VIA_ACPI_FIELDS(array) \
	((struct via_acpi_fields){ .items = (array), .count = sizeof(array) / sizeof((array)[0]) })

/* acpi_header_fields - the header's own, without signature, length and checksum */
struct via_acpi_fields acpi_header_fields(void);

/* acpi_field_number - Return: whether @bytes hold it; @ret is untouched when not */
bool acpi_field_number(struct via_span bytes, const struct via_acpi_field *field, uint64_t *ret);

/* acpi_field_text - NULL when the bytes do not hold it */
const char *acpi_field_text(struct via_arena *arena, struct via_span bytes,
			    const struct via_acpi_field *field);

/* acpi_field_bits - how many bits of a field may be set */
unsigned int acpi_field_bits(const struct via_acpi_field *field);

/* acpi_flag_name - the bit's name; "bitN" where the specification gives it none */
const char *acpi_flag_name(struct via_arena *arena, const struct via_acpi_field *field,
			   unsigned int bit);

/* acpi_text - printable text of @size bytes at @at, or NULL when they are not all there */
const char *acpi_text(struct via_arena *arena, struct via_span bytes, size_t at, size_t size);

/* One record of a walk. */
struct via_acpi_record {
	size_t offset; /* from the start of what is walked */
	size_t length; /* as the record states it */
	struct via_span bytes;
	const char *trouble;
};

/**
 * acpi_record_take - the record at @at, and step over it
 * @whole: what the records fill
 * @at: less than the size of @whole; always moved on, to the end where no next record can be found
 * @length: what the record says of itself
 * @least: the bytes a record of this sort needs at least to say where the next one starts
 */
struct via_acpi_record acpi_record_take(struct via_arena *arena, struct via_span whole, size_t *at,
					size_t length, size_t least);

/* acpi_trouble - note the first trouble of many; the others are left out */
void acpi_trouble(struct via_arena *arena, const char **trouble, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
