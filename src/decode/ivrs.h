/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/acpi_table.h"

/*
 * The I/O virtualization table of AMD-Vi: units with the devices behind them, and memory
 * that firmware goes on using by DMA. One unit is often described up to three times, by
 * blocks of type 10h, 11h and 40h; a kernel takes the highest it knows.
 *
 * Source: AMD I/O Virtualization Technology (IOMMU) Specification, 48882, chapter 5.2;
 *         drivers/iommu/amd/init.c
 */
enum via_ivrs_type {
	VIA_IVRS_IVHD10 = 0x10,
	VIA_IVRS_IVHD11 = 0x11,
	VIA_IVRS_IVHD40 = 0x40,
	VIA_IVRS_IVMD20 = 0x20, /* for all devices */
	VIA_IVRS_IVMD21 = 0x21, /* for one */
	VIA_IVRS_IVMD22 = 0x22, /* for a range */
};

/*
 * How an IVHD names devices. In JSON: pad (both), all, select, range_start, range_end,
 * alias_select, alias_range_start, extended_select, extended_range_start, special, acpi_hid,
 * and unknown for any other; the number stands beside it.
 */
enum via_ivrs_entry_type {
	VIA_IVRS_PAD = 0x00,
	VIA_IVRS_ALL = 0x01,
	VIA_IVRS_SELECT = 0x02,
	VIA_IVRS_RANGE_START = 0x03,
	VIA_IVRS_RANGE_END = 0x04,
	VIA_IVRS_PAD8 = 0x40,
	VIA_IVRS_ALIAS_SELECT = 0x42,
	VIA_IVRS_ALIAS_RANGE_START = 0x43,
	VIA_IVRS_EXTENDED_SELECT = 0x46,
	VIA_IVRS_EXTENDED_RANGE_START = 0x47,
	VIA_IVRS_SPECIAL = 0x48,
	VIA_IVRS_ACPI_HID = 0xf0,
};

enum via_ivrs_variety { VIA_IVRS_IOAPIC = 1, VIA_IVRS_HPET = 2 };

/**
 * struct via_ivrs_entry - a device, the start or end of a range, or an interrupt source
 * @offset: from the start of the table
 * @used_id: the id its requests carry (alias and special entries)
 * @handle, @variety: IOAPIC id or HPET number, and which of the two (special entries)
 * @uid: as text, a number in decimal; NULL where it has none (acpi_hid entries)
 */
struct via_ivrs_entry {
	size_t offset;
	struct via_span bytes;
	uint8_t type;
	uint8_t data;
	uint16_t device_id, used_id;
	uint8_t handle, variety;
	const char *uid;
	const char *trouble;
};

/**
 * struct via_ivrs_block - one IVHD, IVMD or unknown block
 * @offset: from the start of the table
 * @length: as stated
 * @bytes: what there is of it; ivrs_fields() reads them
 * @device_id: of the unit (IVHD), or of the first device (IVMD)
 * @base: its registers (IVHD), or where the memory starts (IVMD)
 * @size: bytes of memory (IVMD)
 * @efr: extended features as firmware saw them (IVHD 11h and 40h)
 *
 * Members that its type does not have, or that are cut off, are 0; @trouble says so in the
 * second case.
 */
struct via_ivrs_block {
	size_t offset, length;
	struct via_span bytes;
	uint8_t type, flags;
	uint16_t device_id, last_device_id, segment;
	uint64_t base, size, efr;
	via_list(struct via_ivrs_entry) entries;
	const char *trouble;
};

struct via_ivrs {
	uint32_t info;
	via_list(struct via_ivrs_block) blocks;
	const char *trouble;
};

/**
 * ivrs_decode - all blocks of a table
 * @table: its bytes from the header on, as acpi_table_decode() bounds them
 * @ret: what could be read, on failure too
 *
 * Return: 0; -EBADMSG with a trouble when a length lies or a block is cut short. A block of
 *         unknown type is no trouble; an entry whose length nothing tells is.
 */
int ivrs_decode(struct via_arena *arena, struct via_span table, struct via_ivrs *ret);

bool ivrs_is_ivhd(uint8_t type);
bool ivrs_is_ivmd(uint8_t type);

/* ivrs_type_name - "IVHD10" and so on; "unknown" */
const char *ivrs_type_name(uint8_t type);

/* ivrs_entry_type_name - see enum via_ivrs_entry_type */
const char *ivrs_entry_type_name(uint8_t type);

/* ivrs_entry_variety - of a special entry: ioapic, hpet, "unknown"; NULL when cut off */
const char *ivrs_entry_variety(const struct via_ivrs_entry *entry);

/* The fields of the table, of a block and of an entry by their types (none when unknown). */
struct via_acpi_fields ivrs_table_fields(void);
struct via_acpi_fields ivrs_fields(uint8_t type);
struct via_acpi_fields ivrs_entry_fields(uint8_t type);
