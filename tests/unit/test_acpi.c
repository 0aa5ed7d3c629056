/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "acpi_build.h"
#include "decode/acpi_file.h"

static int decode(struct via_arena *arena, struct via_span bytes, struct via_acpi_file *ret)
{
	/*
	 * A copy of the very size: a read beyond it is seen by the address sanitizer. The
	 * spans in what is returned are stale, the members are not.
	 */
	uint8_t *copy = malloc(bytes.size ? bytes.size : 1);
	int r;

	memcpy(copy, bytes.data, bytes.size);
	r = acpi_file_decode(arena, (struct via_span){ copy, bytes.size }, "t", ret);
	free(copy);
	return r;
}

#define assert_trouble(file, words) assert_non_null(strstr((file)->trouble, words))

static void reads_the_header(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_table table;
	struct built built;
	struct via_span bytes;
	uint64_t revision;

	begin(&built, "VIOT", 5);
	bytes = finish(&built);
	assert_int_equal(acpi_table_decode(arena, bytes, &table), 0);
	assert_string_equal(table.signature, "VIOT");
	assert_int_equal(table.bytes.size, 36);
	assert_int_equal(table.checksum, VIA_CHECKSUM_GOOD);
	assert_true(acpi_field_number(bytes, &acpi_header_fields().items[0], &revision));
	assert_int_equal(revision, 5);
	assert_string_equal(acpi_field_text(arena, bytes, &acpi_header_fields().items[1]),
			    "VIA\\xfe");
	assert_null(table.trouble);
}

static void other_tables_have_no_structures(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;
	struct built built;

	begin(&built, "VIOT", 0);
	put(&built, 0xffff, 4);
	assert_int_equal(decode(arena, finish(&built), &file), 0);
	assert_int_equal(file.kind, VIA_ACPI_OTHER);
	assert_int_equal(file.dmar.structures.count, 0);
	assert_int_equal(file.ivrs.blocks.count, 0);
}

static void a_cut_header_is_a_trouble_at_every_length(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;
	struct built built;
	struct via_span bytes;

	begin_dmar(&built);
	bytes = finish(&built);
	for (size_t size = 0; size < 36; size++) {
		bytes.size = size;
		assert_int_equal(decode(arena, bytes, &file), -EBADMSG);
		assert_trouble(&file, "do not hold its header");
		assert_int_equal(file.dmar.structures.count, 0);
		assert_int_equal(file.table.signature != NULL, size >= 4);
	}
}

static void a_wrong_checksum_is_told_and_the_rest_read(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;
	struct built built;
	struct via_span bytes;

	begin_dmar(&built);
	put_drhd(&built, 1, 0xfed91000);
	bytes = finish(&built);
	built.bytes[9]++;
	assert_int_equal(decode(arena, bytes, &file), -EBADMSG);
	assert_int_equal(file.table.checksum, VIA_CHECKSUM_WRONG);
	assert_trouble(&file, "checksum");
	assert_int_equal(file.dmar.structures.count, 1);
	assert_int_equal(file.dmar.structures.items[0].base, 0xfed91000);
}

static void the_table_length_may_lie(void **state)
{
	static const struct {
		uint32_t length;
		const char *words;
	} lies[] = {
		{ 0, "less than its header" },
		{ 35, "less than its header" },
		{ 65, "cut short" },
		{ UINT32_MAX, "cut short" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;
	struct built built;

	begin_dmar(&built);
	put_drhd(&built, 1, 0xfed91000);
	finish(&built);
	for (size_t i = 0; i < VIA_COUNT(lies); i++) {
		patch(&built, 4, lies[i].length, 4);
		assert_int_equal(decode(arena, sum_up(&built), &file), -EBADMSG);
		assert_trouble(&file, lies[i].words);
		assert_int_equal(file.table.checksum, VIA_CHECKSUM_UNKNOWN);
		assert_int_equal(file.dmar.structures.count, 1);
	}
}

static void bytes_behind_a_good_table_are_only_counted(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;
	struct built built;

	begin_dmar(&built);
	finish(&built);
	put_drhd(&built, 1, 0xfed91000);
	assert_int_equal(decode(arena, (struct via_span){ built.bytes, built.size }, &file), 0);
	assert_int_equal(file.table.trailing, 16);
	assert_int_equal(file.dmar.structures.count, 0);
}

static void reads_every_dmar_structure(void **state)
{
	static const char *const names[] = { "DRHD", "RMRR", "ATSR", "RHSA",
					     "ANDD", "SATC", "SIDP", "unknown" };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_dmar_structure *s;
	struct via_dmar dmar;
	struct built built;

	put_every_dmar_structure(&built);
	assert_int_equal(dmar_decode(arena, finish(&built), &dmar), 0);
	assert_int_equal(dmar.width, 38);
	assert_int_equal(dmar.flags, DMAR_INTR_REMAP | DMAR_PLATFORM_OPT_IN);
	assert_int_equal(dmar.structures.count, VIA_COUNT(names));
	for (size_t i = 0; i < VIA_COUNT(names); i++)
		assert_string_equal(dmar_type_name(dmar.structures.items[i].type), names[i]);
	s = dmar.structures.items;
	assert_int_equal(s[0].offset, 48);
	assert_int_equal(s[0].length, 32);
	assert_int_equal(s[0].flags, DMAR_INCLUDE_PCI_ALL);
	assert_int_equal(s[0].segment, 2);
	assert_int_equal(s[0].base, 0xfed91000);
	assert_int_equal(s[1].segment, 1);
	assert_int_equal(s[1].base, 0x9d000000);
	assert_int_equal(s[1].limit, 0x9f7fffff);
	assert_int_equal(s[2].flags, 1);
	assert_int_equal(s[2].segment, 4);
	assert_int_equal(s[3].base, 0xfed91000);
	assert_int_equal(s[3].segment, 0);
	assert_int_equal(s[3].proximity_domain, 0x12345678);
	assert_int_equal(s[4].device_number, 9);
	assert_string_equal(s[4].name, "\\_SB.PCI0.I2C0");
	assert_int_equal(s[5].flags, 1);
	assert_int_equal(s[5].segment, 5);
	assert_int_equal(s[6].segment, 6);
	assert_int_equal(s[7].type, 77);
	assert_int_equal(s[7].bytes.size, 6);
}

static void reads_scopes_and_their_paths(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_dmar_structure *s;
	struct via_dmar dmar;
	struct built built;

	put_every_dmar_structure(&built);
	assert_int_equal(dmar_decode(arena, finish(&built), &dmar), 0);
	s = dmar.structures.items;
	assert_int_equal(s[0].scopes.count, 2);
	assert_string_equal(dmar_scope_type_name(s[0].scopes.items[0].type), "ioapic");
	assert_int_equal(s[0].scopes.items[0].enumeration_id, 2);
	assert_string_equal(dmar_scope_path(arena, &s[0].scopes.items[0]), "f0:1f.7");
	assert_string_equal(dmar_scope_type_name(s[0].scopes.items[1].type), "hpet");
	assert_int_equal(s[0].scopes.items[1].offset, 48 + 24);
	assert_string_equal(dmar_scope_type_name(s[1].scopes.items[0].type), "endpoint");
	assert_string_equal(dmar_scope_path(arena, &s[1].scopes.items[1]), "00:1c.4/00.0");
	assert_int_equal(s[1].scopes.items[1].path.count, 2);
	assert_string_equal(dmar_scope_type_name(s[2].scopes.items[0].type), "bridge");
	assert_string_equal(dmar_scope_type_name(s[5].scopes.items[0].type), "acpi_namespace");
	assert_string_equal(dmar_scope_type_name(s[6].scopes.items[0].type), "unknown");
	assert_null(dmar_scope_path(arena, &s[6].scopes.items[0]));
}

static void a_dmar_structure_length_may_lie(void **state)
{
	static const struct {
		uint16_t length;
		const char *words;
		uint16_t type;
	} lies[] = {
		{ 0, "length of 0", UINT16_MAX },
		{ 3, "length of 3", UINT16_MAX },
		{ 4, "less than DRHD", 0 },
		{ 15, "less than DRHD", 0 },
		{ 17, "stray", 0 },
		{ 24, "passes the end by 8", 0 },
		{ UINT16_MAX, "passes the end", 0 },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;

	for (size_t i = 0; i < VIA_COUNT(lies); i++) {
		struct built built;
		size_t at;

		begin_dmar(&built);
		at = put_drhd(&built, 1, 0xfed91000);
		if (lies[i].length == 17)
			put(&built, 0, 1);
		patch(&built, at + 2, lies[i].length, 2);
		assert_int_equal(decode(arena, finish(&built), &file), -EBADMSG);
		assert_trouble(&file, "structure at 0x0");
		assert_trouble(&file, lies[i].words);
		assert_int_equal(file.dmar.structures.items[0].type, lies[i].type);
		assert_true(file.dmar.structures.count < 5);
	}
}

static void a_scope_length_may_lie(void **state)
{
	static const struct {
		uint8_t length;
		const char *words;
		size_t hops;
	} lies[] = {
		{ 0, "length of 0", 0 },      { 5, "length of 5", 0 },
		{ 7, "half a hop", 0 },	      { 10, "passes the end by 2", 1 },
		{ 255, "passes the end", 1 },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;

	for (size_t i = 0; i < VIA_COUNT(lies); i++) {
		struct built built;
		size_t at;

		begin_dmar(&built);
		at = put_drhd(&built, 0, 0xfed90000);
		put_scope(&built, 1, 0, 0, (const uint8_t[][2]){ { 2, 0 } }, 1);
		end_record(&built, at);
		patch(&built, at + 17, lies[i].length, 1);
		put_drhd(&built, 1, 0xfed91000);
		assert_int_equal(decode(arena, finish(&built), &file), -EBADMSG);
		assert_trouble(&file, "scope at 0x040");
		assert_trouble(&file, lies[i].words);
		assert_int_equal(file.dmar.structures.items[0].scopes.items[0].path.count,
				 lies[i].hops);
		/* The structure after it is not harmed. */
		assert_int_equal(file.dmar.structures.count, 2);
		assert_int_equal(file.dmar.structures.items[1].base, 0xfed91000);
	}
}

static void an_endless_name_is_a_trouble(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;
	struct built built;
	size_t at;

	begin_dmar(&built);
	at = put(&built, 4, 2);
	put(&built, 0, 6);
	put_text(&built, "\\_SB", 4);
	end_record(&built, at);
	assert_int_equal(decode(arena, finish(&built), &file), -EBADMSG);
	assert_trouble(&file, "name has no end");
	assert_string_equal(file.dmar.structures.items[0].name, "\\_SB");
}

static void every_truncation_is_survived(struct built *built, size_t first)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span whole = finish(built);
	struct via_acpi_file file;

	assert_int_equal(decode(arena, whole, &file), 0);
	for (size_t size = first; size < whole.size; size++) {
		struct via_span cut = { whole.data, size };

		assert_int_equal(decode(arena, cut, &file), -EBADMSG);
		assert_trouble(&file, "cut short");
	}
}

static void reads_every_ivrs_block(void **state)
{
	static const char *const names[] = { "IVHD10", "IVHD11", "IVHD40", "IVMD20",
					     "IVMD21", "IVMD22", "unknown" };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_ivrs_block *b;
	struct via_ivrs ivrs;
	struct built built;

	put_every_ivrs_block(&built);
	assert_int_equal(ivrs_decode(arena, finish(&built), &ivrs), 0);
	assert_int_equal(ivrs.blocks.count, VIA_COUNT(names));
	for (size_t i = 0; i < VIA_COUNT(names); i++)
		assert_string_equal(ivrs_type_name(ivrs.blocks.items[i].type), names[i]);
	b = ivrs.blocks.items;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(b[i].device_id, 2);
		assert_int_equal(b[i].base, 0xfd200000);
		assert_int_equal(b[i].segment, 3);
		assert_int_equal(b[i].flags, 0xb0);
		assert_true(b[i].efr == (i ? 0x246577efa2254afa : 0));
	}
	assert_int_equal(b[0].length, 24 + 5 * 4);
	for (size_t i = 3; i < 6; i++) {
		assert_int_equal(b[i].base, 0x7d900000);
		assert_int_equal(b[i].size, 0x100000);
		assert_int_equal(b[i].segment, 1);
		assert_int_equal(b[i].last_device_id, i == 5 ? 0x67 : 0);
	}
	assert_int_equal(b[6].bytes.size, 8);
}

static void reads_every_ivrs_entry(void **state)
{
	static const char *const names[] = {
		"pad",
		"all",
		"select",
		"range_start",
		"range_end",
		"pad",
		"alias_select",
		"alias_range_start",
		"extended_select",
		"extended_range_start",
		"special",
		"special",
		"acpi_hid",
		"acpi_hid",
		"acpi_hid",
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_ivrs_entry *e;
	struct via_ivrs ivrs;
	struct built built;
	size_t n = 0;

	put_every_ivrs_block(&built);
	assert_int_equal(ivrs_decode(arena, finish(&built), &ivrs), 0);
	via_for_each (block, &ivrs.blocks)
		via_for_each (entry, &block->entries)
			assert_string_equal(ivrs_entry_type_name(entry->type), names[n++]);
	assert_int_equal(n, VIA_COUNT(names));
	e = ivrs.blocks.items[0].entries.items;
	assert_int_equal(e[3].device_id, 8);
	assert_int_equal(e[3].data, 0xd7);
	e = ivrs.blocks.items[1].entries.items;
	assert_int_equal(e[1].used_id, 0x00a4);
	assert_int_equal(e[2].used_id, 0x00a5);
	assert_int_equal(e[5].handle, 0x21);
	assert_int_equal(e[5].used_id, 0x00a0);
	assert_string_equal(ivrs_entry_variety(&e[5]), "ioapic");
	assert_string_equal(ivrs_entry_variety(&e[6]), "hpet");
	e = ivrs.blocks.items[2].entries.items;
	assert_null(e[0].uid);
	assert_string_equal(e[1].uid, "261");
	assert_string_equal(e[2].uid, "\\_SB.FUR0");
}

static void an_ivrs_block_length_may_lie(void **state)
{
	static const struct {
		uint16_t length;
		const char *words;
	} lies[] = {
		{ 0, "length of 0" },	       { 3, "length of 3" },
		{ 23, "less than IVHD10" },    { 26, "stray" },
		{ 29, "passes the end by 1" }, { UINT16_MAX, "passes the end" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;

	for (size_t i = 0; i < VIA_COUNT(lies); i++) {
		struct built built;
		size_t at;

		begin_ivrs(&built);
		at = put_ivhd(&built, 0x10);
		put_entry(&built, 2, 0x0100, 0);
		patch(&built, at + 2, lies[i].length, 2);
		assert_int_equal(decode(arena, finish(&built), &file), -EBADMSG);
		assert_trouble(&file, lies[i].words);
	}
}

static void a_uid_may_lie(void **state)
{
	static const struct {
		uint8_t format, length;
		const char *words;
	} lies[] = {
		{ 2, 10, "passes the end by 1" }, { 2, 255, "passes the end" },
		{ 1, 9, "uid of format 1" },	  { 2, 0, "uid of format 2" },
		{ 3, 9, "uid of format 3" },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;

	for (size_t i = 0; i < VIA_COUNT(lies); i++) {
		struct built built;
		size_t at, entry;

		begin_ivrs(&built);
		at = put_ivhd(&built, 0x40);
		entry = put_hid_entry(&built, lies[i].format, "\\_SB.FUR0", 9);
		end_record(&built, at);
		patch(&built, entry + 21, lies[i].length, 1);
		assert_int_equal(decode(arena, finish(&built), &file), -EBADMSG);
		assert_trouble(&file, lies[i].words);
		assert_null(file.ivrs.blocks.items[0].entries.items[0].uid);
	}
}

static void an_entry_of_no_known_length_ends_its_block(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;
	struct built built;
	size_t at;

	begin_ivrs(&built);
	at = put_ivhd(&built, 0x11);
	put_entry(&built, 0x80, 0, 0);
	put_entry(&built, 2, 0x100, 0);
	end_record(&built, at);
	at = put_ivhd(&built, 0x40);
	end_record(&built, at);
	assert_int_equal(decode(arena, finish(&built), &file), -EBADMSG);
	assert_trouble(&file, "no length is known for entry type 0x80");
	assert_int_equal(file.ivrs.blocks.count, 2);
	assert_int_equal(file.ivrs.blocks.items[0].entries.count, 1);
}

/* An ITS, an SMMUv3, a device of a name, and a kind that nobody knows. */
static void put_every_iort_node(struct built *built)
{
	begin(built, "IORT", 3);
	put(built, 4, 4);
	put(built, 48, 4);
	put(built, 0, 4);
	put(built, 24 << 8, 4); /* type 0 */
	put(built, 0, 12);
	put(built, 1, 4);
	put(built, 0, 4);
	put(built, 68 << 8 | 4, 4);
	put(built, 0, 12);
	put(built, 0x2b400000, 8);
	put(built, 1, 4);
	put(built, 0, 40);
	put(built, 40 << 8 | 1, 4);
	put(built, 0, 25);
	put_text(built, "\\_SB.X", 11);
	put(built, 16 << 8 | 99, 4);
	put(built, 0, 12);
}

static void reads_every_iort_node(void **state)
{
	static const struct {
		size_t offset;
		const char *name;
	} nodes[] = {
		{ 48, "ITS" }, { 72, "SMMUv3" }, { 140, "named_component" }, { 180, "unknown" }
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_acpi_file file;
	struct built built;

	put_every_iort_node(&built);
	assert_int_equal(acpi_file_decode(arena, finish(&built), "IORT", &file), 0);
	assert_int_equal(file.kind, VIA_ACPI_IORT);
	assert_int_equal(file.iort.smmus, 1);
	assert_int_equal(file.iort.nodes.count, VIA_COUNT(nodes));
	for (size_t i = 0; i < VIA_COUNT(nodes); i++) {
		assert_int_equal(file.iort.nodes.items[i].offset, nodes[i].offset);
		assert_string_equal(iort_type_name(file.iort.nodes.items[i].type), nodes[i].name);
	}
}

static void an_iort_may_lie(void **state)
{
	static const struct {
		size_t at;
		uint64_t value;
		size_t size;
		const char *trouble;
		size_t smmus;
	} lies[] = {
		{ 36, 5, 4, "4 of 5 nodes are there", 1 },
		{ 40, 47, 4, "said to start at 0x02f", 0 },
		{ 40, 4096, 4, "said to start at 0x1000", 0 },
		{ 49, 0, 2, "node at 0x030", 0 },
		{ 49, 4096, 2, "node at 0x030", 0 },
		{ 73, 40, 2, "less than SMMUv3 needs", 0 },
	};

	for (size_t i = 0; i < VIA_COUNT(lies); i++) {
		_cleanup_arena_ struct via_arena *arena = arena_new();
		struct via_acpi_file file;
		struct built built;

		put_every_iort_node(&built);
		patch(&built, lies[i].at, lies[i].value, lies[i].size);
		assert_int_equal(acpi_file_decode(arena, finish(&built), "IORT", &file), -EBADMSG);
		if (!strstr(file.trouble, lies[i].trouble) || file.iort.smmus != lies[i].smmus)
			fail_msg("lie %zu: %s, %zu", i, file.trouble, file.iort.smmus);
	}
}

static void tables_cut_anywhere_are_survived(void **state)
{
	struct built built;

	put_every_dmar_structure(&built);
	every_truncation_is_survived(&built, 0);
	put_every_ivrs_block(&built);
	every_truncation_is_survived(&built, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_header),
		cmocka_unit_test(other_tables_have_no_structures),
		cmocka_unit_test(a_cut_header_is_a_trouble_at_every_length),
		cmocka_unit_test(a_wrong_checksum_is_told_and_the_rest_read),
		cmocka_unit_test(the_table_length_may_lie),
		cmocka_unit_test(bytes_behind_a_good_table_are_only_counted),
		cmocka_unit_test(reads_every_dmar_structure),
		cmocka_unit_test(reads_scopes_and_their_paths),
		cmocka_unit_test(a_dmar_structure_length_may_lie),
		cmocka_unit_test(a_scope_length_may_lie),
		cmocka_unit_test(an_endless_name_is_a_trouble),
		cmocka_unit_test(reads_every_ivrs_block),
		cmocka_unit_test(reads_every_ivrs_entry),
		cmocka_unit_test(an_ivrs_block_length_may_lie),
		cmocka_unit_test(a_uid_may_lie),
		cmocka_unit_test(an_entry_of_no_known_length_ends_its_block),
		cmocka_unit_test(reads_every_iort_node),
		cmocka_unit_test(an_iort_may_lie),
		cmocka_unit_test(tables_cut_anywhere_are_survived),
	};

	return cmocka_run_group_tests_name("acpi", tests, NULL, NULL);
}
