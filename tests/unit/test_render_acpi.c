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
		" s:[ss], s:n, s:[{s:s, s:i, s:i, s:i, s:i, s:s, s:n, s:i, s:[s], s:n,"
		" s:[{s:s, s:i, s:i, s:i, s:[], s:i, s:i, s:s, s:n}]}]}]}",
		"schema", "viaduct.acpi/1", "tables", "file", "a/DMAR", "signature", "DMAR",
		"length", 74, "bytes_present", 74, "bytes_trailing", 0, "revision", 1, "oem_id",
		"VIA\\xfe", "oem_table_id", "HANDMADE", "oem_revision", "0x20240131", "compiler_id",
		"HAND", "compiler_revision", "0x7", "checksum_ok", 1, "host_address_width_bits", 39,
		"flags", "intr_remap", "platform_opt_in", "trouble", "structures", "type", "DRHD",
		"type_number", 0, "offset", 48, "length", 26, "segment", 2, "base", "0xfed91000",
		"limit", "size", 1, "flags", "include_pci_all", "trouble", "scopes", "type",
		"endpoint", "type_number", 1, "offset", 64, "length", 10, "flags", "enumeration_id",
		0, "start_bus", 0, "path", "00:1c.4/00.0", "trouble");
	assert_non_null(wanted);
	assert_true(json_equal(json, wanted));
}

/* Each field as JSON text, by structure, and by entry where there is one. */
struct expectation {
	size_t structure;
	int entry;
	const char *key, *json;
};

static void expect(json_t *root, const struct expectation *wanted, size_t count)
{
	json_t *table = json_array_get(json_object_get(root, "tables"), 0);

	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *text = NULL;
		json_t *object =
			json_array_get(json_object_get(table, "structures"), wanted[i].structure);

		if (wanted[i].entry >= 0)
			object = json_array_get(json_object_get(object, "entries"),
						(size_t)wanted[i].entry);
		text = json_dumps(json_object_get(object, wanted[i].key),
				  JSON_ENCODE_ANY | JSON_COMPACT);
		assert_non_null(text);
		assert_string_equal(text, wanted[i].json);
	}
}

static void every_dmar_field_is_there(void **state)
{
	static const struct expectation wanted[] = {
		{ 1, -1, "type", "\"RMRR\"" },
		{ 1, -1, "segment", "1" },
		{ 1, -1, "base", "\"0x9d000000\"" },
		{ 1, -1, "limit", "\"0x9f7fffff\"" },
		{ 2, -1, "flags", "[\"all_ports\"]" },
		{ 2, -1, "segment", "4" },
		{ 3, -1, "base", "\"0xfed91000\"" },
		{ 3, -1, "proximity_domain", "305419896" },
		{ 3, -1, "scopes", "[]" },
		{ 4, -1, "device_number", "9" },
		{ 4, -1, "name", "\"\\\\_SB.PCI0.I2C0\"" },
		{ 5, -1, "flags", "[\"atc_required\"]" },
		{ 5, -1, "segment", "5" },
		{ 6, -1, "segment", "6" },
		{ 7, -1, "type", "\"unknown\"" },
		{ 7, -1, "type_number", "77" },
		{ 7, -1, "bytes", "\"4d000600cdab\"" },
		{ 7, -1, "segment", "null" },
		{ 7, -1, "base", "null" },
		{ 7, -1, "limit", "null" },
		{ 7, -1, "flags", "null" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_(cleanup_json) json_t *json = NULL;
	struct via_acpi_file file;
	struct built built;

	put_every_dmar_structure(&built);
	assert_int_equal(acpi_file_decode(arena, finish(&built), "DMAR", &file), 0);
	json = json_acpi_tables(arena, &file, 1);
	expect(json, wanted, VIA_COUNT(wanted));
}

static void every_ivrs_field_is_there(void **state)
{
	static const struct expectation wanted[] = {
		{ 0, -1, "feature_reporting", "\"0x80048f6e\"" },
		{ 0, -1, "capability_offset", "\"0x40\"" },
		{ 0, -1, "msi_number", "5" },
		{ 0, -1, "unit_id", "1" },
		{ 0, -1, "segment", "3" },
		{ 0, -1, "flags", "[\"iotlb_supported\",\"coherent\",\"ppr_supported\"]" },
		{ 0, 2, "device_id", "\"0100\"" },
		{ 0, 3, "flags",
		  "[\"init_pass\",\"eint_pass\",\"nmi_pass\",\"sysmgt1\",\"lint0_pass\","
		  "\"lint1_pass\"]" },
		{ 1, -1, "attributes", "\"0x80048f6e\"" },
		{ 1, -1, "efr", "\"0x246577efa2254afa\"" },
		{ 1, -1, "efr2", "\"0x10\"" },
		{ 1, 1, "used_device_id", "\"00a4\"" },
		{ 1, 3, "extended_flags", "[\"ats_disabled\"]" },
		{ 1, 5, "handle", "33" },
		{ 1, 6, "variety", "\"hpet\"" },
		{ 2, 0, "uid", "null" },
		{ 2, 2, "uid", "\"\\\\_SB.FUR0\"" },
		{ 2, 2, "hid", "\"AMDI0020\"" },
		{ 2, 2, "cid", "\"\"" },
		{ 3, -1, "base", "\"0x7d900000\"" },
		{ 4, -1, "device_id", "\"0060\"" },
		{ 5, -1, "last_device_id", "\"0067\"" },
		{ 5, -1, "memory_length", "\"0x100000\"" },
		{ 5, -1, "segment", "1" },
		{ 5, -1, "flags", "[\"unity\",\"read\",\"write\"]" },
		{ 6, -1, "bytes", "\"51080800edfe0000\"" },
		{ 6, -1, "device_id", "null" },
		{ 6, -1, "segment", "null" },
		{ 6, -1, "base", "null" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_(cleanup_json) json_t *json = NULL;
	struct via_acpi_file file;
	struct built built;

	put_every_ivrs_block(&built);
	assert_int_equal(acpi_file_decode(arena, finish(&built), "IVRS", &file), 0);
	json = json_acpi_tables(arena, &file, 1);
	expect(json, wanted, VIA_COUNT(wanted));
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
		cmocka_unit_test(every_dmar_field_is_there),
		cmocka_unit_test(every_ivrs_field_is_there),
		cmocka_unit_test(what_is_cut_off_is_null),
		cmocka_unit_test(ids_are_bare_hex),
		cmocka_unit_test(text_has_a_line_a_structure),
	};

	return cmocka_run_group_tests_name("render_acpi", tests, NULL, NULL);
}
