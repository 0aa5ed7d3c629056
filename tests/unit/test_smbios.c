/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "decode/smbios.h"

/* A string literal with its NULs, less the one the compiler adds. */
#define BYTES(text)                                       \
	(struct via_span)                                 \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

#define SYSTEM                                                         \
	"\x01\x1b\x01\x00\x01\x02\x00\x03UUID-of-16-bytes\x06\x00\x02" \
	"Maker \0Machine\0S3RIAL\0\0"
#define BOARD                              \
	"\x02\x08\x02\x00\x01\x02\x00\x03" \
	"Maker\0Board\0B0ARD\0\0"
#define CHASSIS                                \
	"\x03\x09\x03\x00\x01\x97\x00\x02\x00" \
	"Maker\0CH4SSIS\0\0"
#define SLOT_X16                                                               \
	"\x09\x11\x09\x00\x01\xa8\x0d\x04\x04\x01\x00\x0c\x01\x00\x00\x01\x00" \
	"PCIEX16_1\0\0"
#define SLOT_OLD                                               \
	"\x09\x0d\x0a\x00\x01\x06\x05\x03\x03\x02\x00\x0c\x01" \
	"PCI1\0\0"
#define SLOT_ALL_ONES                                                          \
	"\x09\x11\x0b\x00\x01\xa8\x08\x03\x04\x01\x00\x0c\x01\xff\xff\xff\xff" \
	"PCIEX1_2\0\0"
#define OWN                        \
	"\xdd\x06\x20\x00\x01\x02" \
	"AA:BB\0SECRET\0\0"
#define END "\x7f\x04\x7f\x00\0\0"

static void reads_makers_and_slots(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_smbios smbios;
	const struct via_smbios_slot *slots;

	assert_int_equal(
		smbios_decode(arena,
			      BYTES(SYSTEM BOARD CHASSIS SLOT_X16 SLOT_OLD SLOT_ALL_ONES OWN END
				    "junk behind the end"),
			      &smbios),
		0);
	assert_int_equal(smbios.structures, 8);
	assert_string_equal(smbios.system_vendor, "Maker");
	assert_string_equal(smbios.product_name, "Machine");
	assert_string_equal(smbios.product_family, "Machine");
	assert_string_equal(smbios.board_name, "Board");
	assert_int_equal(smbios.chassis_type, 0x17); /* less the lock's bit */
	assert_int_equal(smbios.slots.count, 3);
	slots = smbios.slots.items;
	assert_string_equal(slots[0].designation, "PCIEX16_1");
	assert_int_equal(slots[0].lanes, 16);
	assert_int_equal(slots[0].use, VIA_SLOT_IN_USE);
	assert_true(slots[0].addressed);
	assert_int_equal(slots[0].address.bus, 1);
	assert_int_equal(slots[1].lanes, 0);
	assert_int_equal(slots[1].use, VIA_SLOT_FREE);
	assert_false(slots[1].addressed);
	assert_false(slots[2].addressed);
}

static void survives_lies(void **state)
{
	static const struct via_span tables[] = {
		{ (const uint8_t *)"\x09\x00\x09\x00\x00\x00", 6 }, /* no length */
		{ (const uint8_t *)"\x09\xff\x09\x00\x00\x00", 6 }, /* past the end */
		{ (const uint8_t *)"\x09\x05\x09\x00\x01"
				   "abc",
		  8 }, /* strings without end */
		{ (const uint8_t *)"\x09", 1 },
	};

	for (size_t i = 0; i < VIA_COUNT(tables); i++) {
		_cleanup_arena_ struct via_arena *arena = arena_new();
		struct via_smbios smbios;

		assert_int_equal(smbios_decode(arena, tables[i], &smbios), -EBADMSG);
		assert_non_null(smbios.trouble);
	}
}

static void a_number_without_string_is_none(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_smbios smbios;

	assert_int_equal(smbios_decode(arena,
				       BYTES("\x02\x06\x02\x00\x07\x01"
					     "A\x80\xff\0\0" END),
				       &smbios),
			 0);
	assert_null(smbios.board_vendor);
	assert_string_equal(smbios.board_name, "A??");
}

static bool holds(struct via_span table, const char *text)
{
	return memmem(table.data, table.size, text, strlen(text));
}

static void secrets_do_not_leave(void **state)
{
	static const char *const secrets[] = { "S3RIAL",  "UUID-of-16", "B0ARD",
					       "CH4SSIS", "SECRET",	"AA:BB" };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span table = BYTES(SYSTEM BOARD CHASSIS OWN SLOT_X16 END);
	struct via_span clean = smbios_without_secrets(arena, table);
	struct via_smbios smbios;

	for (size_t i = 0; i < VIA_COUNT(secrets); i++) {
		assert_true(holds(table, secrets[i]));
		assert_false(holds(clean, secrets[i]));
	}
	assert_int_equal(smbios_decode(arena, clean, &smbios), 0);
	assert_string_equal(smbios.product_name, "Machine");
	assert_string_equal(smbios.slots.items[0].designation, "PCIEX16_1");
	assert_int_equal(smbios.structures, 5);
}

static void reads_anchors(void **state)
{
	static const uint8_t three[0x18] = {
		'_', 'S', 'M', '3', '_', 0, 0x18, 3, 5, 0, 1, 0, 0, 4
	};
	struct via_smbios_entry entry;

	assert_int_equal(smbios_entry_decode((struct via_span){ three, sizeof(three) }, &entry), 0);
	assert_int_equal(entry.major, 3);
	assert_int_equal(entry.minor, 5);
	assert_int_equal(entry.table_length, 0x400);
	assert_false(entry.checksum_ok);
	assert_int_equal(smbios_entry_decode((struct via_span){ three, 20 }, &entry), -EBADMSG);
}

static void knows_fillers(void **state)
{
	assert_true(smbios_text_is_filler("To Be Filled By O.E.M."));
	assert_true(smbios_text_is_filler(""));
	assert_false(smbios_text_is_filler("ASUSTeK COMPUTER INC."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_makers_and_slots),
		cmocka_unit_test(survives_lies),
		cmocka_unit_test(a_number_without_string_is_none),
		cmocka_unit_test(secrets_do_not_leave),
		cmocka_unit_test(reads_anchors),
		cmocka_unit_test(knows_fillers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
