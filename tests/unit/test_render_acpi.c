/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "acpi_build.h"
#include "render/json_acpi.h"
#include "render/text_acpi.h"

static inline void cleanup_json(json_t **json)
{
	json_decref(*json);
}

static struct via_span one_unit(struct built *built)
{
	size_t at;

	begin_dmar(built);
	at = put_drhd(built, 1, 0xfed91000);
	put_scope(built, 1, 0, 0, (const uint8_t[][2]){ { 0x1c, 4 }, { 0, 0 } }, 2);
	end_record(built, at);
	return finish(built);
}

static void dmar_is_the_documented_object(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_(cleanup_json) json_t *json = NULL, *wanted = NULL;
	struct via_acpi_file file;
	struct built built;

	assert_int_equal(acpi_file_decode(arena, one_unit(&built), "a/DMAR", &file), 0);
	json = json_acpi_tables(arena, &file, 1);
	wanted = json_pack(
		"{s:s, s:[{s:s, s:s, s:i, s:i, s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:b, s:i,"
		" s:[ss], s:n, s:[{s:s, s:i, s:i, s:i, s:i, s:s, s:i, s:[s], s:n,"
		" s:[{s:s, s:i, s:i, s:i, s:[], s:i, s:i, s:s, s:n}]}]}]}",
		"schema", "viaduct.acpi/1", "tables", "file", "a/DMAR", "signature", "DMAR",
		"length", 74, "bytes_present", 74, "bytes_trailing", 0, "revision", 1, "oem_id",
		"VIA\\xfe", "oem_table_id", "HANDMADE", "oem_revision", "0x20240131", "compiler_id",
		"HAND", "compiler_revision", "0x7", "checksum_ok", 1, "host_address_width_bits", 39,
		"flags", "intr_remap", "platform_opt_in", "trouble", "structures", "type", "DRHD",
		"type_number", 0, "offset", 48, "length", 26, "segment", 2, "base", "0xfed91000",
		"size", 1, "flags", "include_pci_all", "trouble", "scopes", "type", "endpoint",
		"type_number", 1, "offset", 64, "length", 10, "flags", "enumeration_id", 0,
		"start_bus", 0, "path", "00:1c.4/00.0", "trouble");
	assert_non_null(wanted);
	assert_true(json_equal(json, wanted));
}

static void what_is_cut_off_is_null(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_(cleanup_json) json_t *json = NULL;
	struct via_acpi_file file;
	struct built built;
	struct via_span bytes = one_unit(&built);
	json_t *table, *unit;

	bytes.size = 48 + 12; /* amid the register base */
	acpi_file_decode(arena, bytes, "\xff", &file);
	json = json_acpi_tables(arena, &file, 1);
	table = json_array_get(json_object_get(json, "tables"), 0);
	unit = json_array_get(json_object_get(table, "structures"), 0);
	assert_true(json_is_null(json_object_get(table, "checksum_ok")));
	assert_true(json_is_string(json_object_get(table, "trouble")));
	assert_string_equal(json_string_value(json_object_get(table, "file")), "\\xff");
	assert_true(json_is_null(json_object_get(unit, "base")));
	assert_int_equal(json_integer_value(json_object_get(unit, "segment")), 2);
}

static void ids_are_bare_hex(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_(cleanup_json) json_t *json = NULL;
	struct via_acpi_file file;
	struct built built;
	json_t *table, *unit, *entry;
	size_t at;

	begin_ivrs(&built);
	at = put_ivhd(&built, 0x11);
	put_entry(&built, 0x48, 0, 0xd7);
	put(&built, 0x0100a021, 4);
	end_record(&built, at);
	acpi_file_decode(arena, finish(&built), "IVRS", &file);
	json = json_acpi_tables(arena, &file, 1);
	table = json_array_get(json_object_get(json, "tables"), 0);
	unit = json_array_get(json_object_get(table, "structures"), 0);
	entry = json_array_get(json_object_get(unit, "entries"), 0);
	assert_int_equal(json_integer_value(json_object_get(table, "virtual_address_bits")), 64);
	assert_string_equal(json_string_value(json_object_get(unit, "type")), "IVHD11");
	assert_string_equal(json_string_value(json_object_get(unit, "device_id")), "0002");
	assert_string_equal(json_string_value(json_object_get(unit, "efr")), "0x246577efa2254afa");
	assert_string_equal(json_string_value(json_object_get(entry, "used_device_id")), "00a0");
	assert_string_equal(json_string_value(json_object_get(entry, "variety")), "ioapic");
}

static void text_has_a_line_a_structure(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_free_ char *text = NULL;
	struct via_acpi_file file;
	struct built built;
	size_t size;
	FILE *out;

	acpi_file_decode(arena, one_unit(&built), "DMAR", &file);
	out = open_memstream(&text, &size);
	assert_int_equal(text_acpi_table(arena, &file, out), 0);
	fclose(out);
	assert_non_null(strstr(text, "\n  host address width 39 bits, "
	                             "flags intr_remap platform_opt_in\n"));
	assert_non_null(strstr(text, "\n  0x030 DRHD segment 2, base 0xfed91000, size 1, "
	                             "flags include_pci_all\n"));
	assert_non_null(strstr(text, "\n        endpoint 00:1c.4/00.0, enumeration id 0\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dmar_is_the_documented_object),
		cmocka_unit_test(what_is_cut_off_is_null),
		cmocka_unit_test(ids_are_bare_hex),
		cmocka_unit_test(text_has_a_line_a_structure),
	};

	return cmocka_run_group_tests_name("render_acpi", tests, NULL, NULL);
}
