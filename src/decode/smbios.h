/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/span.h"

/*
 * What firmware says of the machine itself: its makers, and the slots by the names that are
 * printed on the board. Serial numbers and UUIDs are not taken up.
 *
 * Source: DMTF DSP0134, System Management BIOS reference specification 3.7, chapters 5 to 7
 */
enum via_smbios_type {
	VIA_SMBIOS_BIOS = 0,
	VIA_SMBIOS_SYSTEM = 1,
	VIA_SMBIOS_BOARD = 2,
	VIA_SMBIOS_CHASSIS = 3,
	VIA_SMBIOS_PROCESSOR = 4,
	VIA_SMBIOS_SLOT = 9,
	VIA_SMBIOS_END = 127,
};

enum via_slot_use { VIA_SLOT_USE_UNTOLD, VIA_SLOT_FREE, VIA_SLOT_IN_USE, VIA_SLOT_UNAVAILABLE };

/**
 * struct via_smbios_slot - one slot of the board
 * @designation: as printed beside it ("PCIEX16_1"); NULL when firmware names it not
 * @lanes: 0 where it is no PCI Express slot, or not told
 * @addressed: @address means something; its function is that of the device or of its first
 */
struct via_smbios_slot {
	const char *designation;
	uint8_t type, width, lanes;
	enum via_slot_use use;
	bool addressed;
	struct via_pci_address address;
};

/**
 * struct via_smbios - the whole table
 * @structures: how many were walked
 * @processor_virtualization: type 4 says that it can; firmware's word, not that it is on
 * @trouble: the first thing that is wrong, else NULL
 *
 * Texts are NULL where there is none; bytes outside ASCII have become '?'.
 */
struct via_smbios {
	size_t structures;
	const char *bios_vendor, *bios_version, *bios_date;
	const char *system_vendor, *product_name, *product_version, *product_family;
	const char *board_vendor, *board_name, *board_version;
	uint8_t chassis_type;
	bool processor_virtualization;
	via_list(struct via_smbios_slot) slots;
	const char *trouble;
};

/* The anchor that says where the table is and how it is to be read. */
struct via_smbios_entry {
	uint8_t major, minor;
	uint32_t table_length; /* a maximum, for version 3 */
	bool checksum_ok;
};

/**
 * smbios_entry_decode - "_SM_" or "_SM3_"
 * Return: 0; -EBADMSG when it is neither, or cut short; @ret is then untouched
 */
int smbios_entry_decode(struct via_span bytes, struct via_smbios_entry *ret);

/**
 * smbios_decode - every structure of a table
 * @table: as sys/firmware/dmi/tables/DMI holds it
 * @ret: what could be read, on failure too
 *
 * Return: 0; -EBADMSG with a trouble when a length lies or strings have no end
 */
int smbios_decode(struct via_arena *arena, struct via_span table, struct via_smbios *ret);

/**
 * smbios_without_secrets - the same table as far as smbios_decode() reads it
 *
 * Structures of other types are left out: makers put serial numbers, network addresses and
 * passwords' hashes into their own. Serial numbers, asset tags and the UUID become zeroes.
 */
struct via_span smbios_without_secrets(struct via_arena *arena, struct via_span table);

/* smbios_text_is_filler - "To Be Filled By O.E.M.", "Default string" and their like */
bool smbios_text_is_filler(const char *text);
