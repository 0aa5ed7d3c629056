/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "decode/boot_words.h"
#include "decode/efi_variable.h"
#include "decode/grub_environment.h"
#include "decode/line.h"
#include "decode/pe_section.h"
#include "decode/shell_assignment.h"

enum { BLOCK = 1024 };

static void assignments_as_a_shell_reads_them(void **state)
{
	static const struct {
		const char *text, *value;
		bool untold;
	} rows[] = {
		{ "X=plain", "plain", false },
		{ "X='a b' # more", "a b", false },
		{ "X=\"a \\\"b\\\" \\$c\"\r\n", "a \"b\" $c", false },
		{ "X=a\\ b'c'\"d\"", "a bcd", false },
		{ "X=\"a \\\nb\"", "a b", false },
		{ "export X=1", "1", false },
		{ "X=1;X=2", "2", false },
		{ "#X=1\n  X=3\n", "3", false },
		{ "X=a\nX+=\" b\"", "a b", false },
		{ "X=(a 'b c' # no\n d)\nX+=(e)", "a b c d e", false },
		{ "Y=q\nX=\"$Y ${Y} $\"", "q q $", false },
		{ "X=\"$GRUB_UNSET w\"", " w", false },
		{ "X=\"$UNSET w\"", " w", true },
		{ "X=\"${Y:-z}\"", "", true },
		{ "X=$(uname -r)", "", true },
		{ "X=\"a `b` c\"", "a  c", true },
		{ "X=\"open", "open", true },
		{ "if true; then\nX=1\nfi", "1", true },
		{ "if true; then Y=1; fi\nX=2", "2", false },
		{ "f() {\nX=1\n}\n", "1", true },
		{ "X=\xc3\xa4", "\xc3\xa4", false },
		{ "\xef\xbb\xbfX=1", "1", false },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		struct via_assignments assignments = { 0 };
		const struct via_assignment *last;

		assert_int_equal(
			assignments_decode(arena, span_of_text(rows[i].text), &assignments), 0);
		last = assignment_last(&assignments, "X");
		if (!last || strcmp(last->value, rows[i].value) != 0 ||
		    last->untold != rows[i].untold)
			fail_msg("%s -> %s%s", rows[i].text, last ? last->value : "nothing",
				 last && last->untold ? " (untold)" : "");
	}
}

static void files_are_sourced_in_turn(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_assignments assignments = { 0 };

	assignments_decode(arena, span_of_text("X=\"quiet\"\n"), &assignments);
	assignments_decode(arena, span_of_text("X=\"$X intel_iommu=on\""), &assignments);
	assert_string_equal(assignment_last(&assignments, "X")->value, "quiet intel_iommu=on");
	assert_null(assignment_last(&assignments, "Z"));
}

static void words_of_lines(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	assert_string_equal(words_missing(arena, "a b=\"c d\" e e", "e  a"), "b=\"c d\"");
	assert_string_equal(words_missing(arena, "intel_iommu=on,sm_on", "intel_iommu=on"),
			    "intel_iommu=on,sm_on");
	assert_string_equal(words_without_loaders(arena, "BOOT_IMAGE=/v initrd=\\i.img ro"), "ro");
	assert_string_equal(words_about_guests(arena, "quiet vfio-pci.ids=1:2 pci=noats splash"),
			    "vfio-pci.ids=1:2 pci=noats");
}

static void an_environment_block(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_grub_environment environment;
	char block[1025];

	memset(block, '#', 1024);
	block[1024] = '\0';
	memcpy(block, "# GRUB Environment Block\nsaved_entry=a\\\\b\nnext_entry=\n", 54);
	assert_int_equal(grub_environment_decode(arena, span_of_text(block), &environment), 0);
	assert_true(environment.whole);
	assert_string_equal(grub_variable(&environment, "saved_entry"), "a\\b");
	assert_null(grub_variable(&environment, "next_entry"));
	assert_int_equal(grub_environment_decode(arena, span_of_text("x=1\n"), &environment),
			 -EBADMSG);
	assert_string_equal(grub_variable(&environment, "x"), "1");
	assert_false(environment.whole);
}

static void a_variable_comes_and_goes_without_a_trace(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	static const char noted[] = "# GRUB Environment Block\n# a note\na=1\\\nx\n";
	char text[BLOCK];
	struct via_span block = { (const uint8_t *)text, BLOCK }, with, without, other;
	struct via_grub_environment environment;

	memset(text, '#', BLOCK);
	memcpy(text, noted, strlen(noted));
	assert_int_equal(grub_environment_set(arena, block, "next_entry", "two", &with), 0);
	assert_int_equal(with.size, BLOCK);
	assert_int_equal(grub_environment_decode(arena, with, &environment), 0);
	assert_string_equal(grub_variable(&environment, "next_entry"), "two");
	assert_string_equal(grub_variable(&environment, "a"), "1\nx");
	assert_int_equal(grub_environment_set(arena, with, "next_entry", NULL, &without), 0);
	assert_memory_equal(without.data, text, BLOCK);
	assert_int_equal(grub_environment_set(arena, with, "next_entry", "", &other), 0);
	assert_int_equal(grub_environment_decode(arena, other, &environment), 0);
	assert_null(grub_variable(&environment, "next_entry"));
	assert_true(grub_variable_there(&environment, "next_entry"));
	assert_int_equal(grub_environment_set(arena, (struct via_span){ 0 }, "n", "v", &other), 0);
	assert_int_equal(other.size, BLOCK);
	block.size--;
	assert_int_equal(grub_environment_set(arena, block, "n", "v", &other), -EBADMSG);
	memset(text + 25, 'b', BLOCK - 25);
	memcpy(text + BLOCK - 3, "=c\n", 3);
	block.size = BLOCK;
	assert_int_equal(grub_environment_set(arena, block, "n", "v", &other), -ENOSPC);
}

static struct via_span bytes(const void *data, size_t size)
{
	return (struct via_span){ data, size };
}

static void texts_of_firmware(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *text;
	struct via_span made;

	assert_int_equal(
		efi_variable_text(arena, bytes("\6\0\0\0G\0\x42\x04=\xd8\0\xde\0\0", 14), &text),
		0);
	assert_string_equal(text, "G\xd1\x82\xf0\x9f\x98\x80");
	assert_int_equal(efi_variable_text(arena, bytes("\6\0\0\0G", 5), &text), -EBADMSG);
	assert_int_equal(efi_variable_text(arena, bytes("\6\0\0\0\0\xde", 6), &text), -EBADMSG);
	assert_int_equal(efi_variable_text(arena, bytes("\6\0\0", 3), &text), -EBADMSG);
	made = efi_variable_from_text(arena, bytes("\7\0\0\0", 4), "ab");
	assert_int_equal(made.size, 10);
	assert_int_equal(efi_variable_text(arena, made, &text), 0);
	assert_string_equal(text, "ab");
	assert_string_equal(efi_file_path(arena, "\\EFI\\a\\b.efi"), "EFI/a/b.efi");
}

/* Boot0001: "D", a partition, \A.EFI, and something private behind. */
static const uint8_t option[] = {
	7,    0,    0,	  0,	1,    0,    0,	  0,	68,   0,    'D',  0,	0,    0,    4,
	1,    42,   0,	  1,	0,    0,    0,	  0,	8,    0,    0,	  0,	0,    0,    0,
	0,    0,    1,	  0,	0,    0,    0,	  0,	0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
	0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 2,    2,	  4,	4,    18,   0,
	'\\', 0,    'A',  0,	'.',  0,    'E',  0,	'F',  0,    'I',  0,	0,    0,    0x7f,
	0xff, 8,    0,	  0,	0,    0,    0,	  'm',	'i',  'n',  'e',
};

static void what_firmware_starts(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_efi_load_option decoded;
	struct via_span blank;

	assert_int_equal(efi_load_option_decode(arena, bytes(option, sizeof(option)), &decoded), 0);
	assert_true(decoded.active && decoded.disk);
	assert_false(decoded.network);
	assert_string_equal(decoded.description, "D");
	assert_string_equal(decoded.path, "\\A.EFI");
	for (size_t size = 0; size < sizeof(option) - 4; size++)
		assert_int_equal(efi_load_option_decode(arena, bytes(option, size), &decoded),
				 -EBADMSG);
	blank = efi_load_option_blank(arena, bytes(option, sizeof(option)));
	assert_int_equal(blank.size, sizeof(option));
	assert_null(memmem(blank.data, blank.size, "\xaa", 1));
	assert_null(memmem(blank.data, blank.size, "mine", 4));
	assert_int_equal(efi_load_option_decode(arena, blank, &decoded), 0);
	assert_string_equal(decoded.description, "x");
	assert_string_equal(decoded.path, "\\A.EFI");
}

static void sections_of_an_image(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	uint8_t image[0x40 + 24 + 40 + 8] = { 'M', 'Z', [0x3c] = 0x40 };
	struct via_pe pe;

	memcpy(image + 0x40, "PE\0\0\x64\x86\1\0", 8);
	memcpy(image + 0x58, ".cmdline\5\0\0\0\0\0\0\0\10\0\0\0\x80\0\0\0", 24);
	assert_int_equal(pe_decode(arena, bytes(image, sizeof(image)), &pe), 0);
	assert_int_equal(pe.sections.count, 1);
	assert_int_equal(pe_section(&pe, ".cmdline")->size, 5);
	assert_int_equal(pe_section(&pe, ".cmdline")->offset, 0x80);
	assert_null(pe_section(&pe, ".linux"));
	assert_int_equal(pe_decode(arena, bytes(image, 0x60), &pe), -ENODATA);
	assert_int_equal(pe_decode(arena, bytes("MX", 2), &pe), -EBADMSG);
	image[0x40] = 'X';
	assert_int_equal(pe_decode(arena, bytes(image, sizeof(image)), &pe), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(assignments_as_a_shell_reads_them),
		cmocka_unit_test(files_are_sourced_in_turn),
		cmocka_unit_test(words_of_lines),
		cmocka_unit_test(an_environment_block),
		cmocka_unit_test(a_variable_comes_and_goes_without_a_trace),
		cmocka_unit_test(texts_of_firmware),
		cmocka_unit_test(what_firmware_starts),
		cmocka_unit_test(sections_of_an_image),
	};

	return cmocka_run_group_tests_name("boot_value", tests, NULL, NULL);
}
