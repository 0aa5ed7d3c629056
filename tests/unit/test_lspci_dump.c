/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "decode/lspci_dump.h"

#define ROW " 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10"

static int decode(struct via_arena *arena, const char *text, struct via_lspci_dump *ret)
{
	return lspci_dump_decode(arena, (struct via_span){ (const uint8_t *)text, strlen(text) },
				 ret);
}

static void reads_functions_and_rows(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_lspci_dump dump;

	assert_int_equal(decode(arena,
				"00:1f.3 Audio device: Made up (rev 10)\n"
				"00:" ROW "\n10:" ROW "\n\n"
				"10000:e1:00.0 Disk: Other\n00: FF" ROW "\n",
				&dump),
			 0);
	assert_int_equal(dump.functions.count, 2);
	assert_int_equal(dump.functions.items[0].address.function, 3);
	assert_string_equal(dump.functions.items[0].text, "Audio device: Made up (rev 10)");
	assert_int_equal(dump.functions.items[0].config.size, 32);
	assert_int_equal(dump.functions.items[0].config.data[31], 0x10);
	assert_int_equal(dump.functions.items[1].address.domain, 0x10000);
	assert_int_equal(dump.functions.items[1].config.size, 16);
	assert_int_equal(dump.functions.items[1].config.data[0], 0xff);
}

static void passes_over_verbose_text_and_mail(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_lspci_dump dump;

	assert_int_equal(decode(arena,
				"Here is what my machine says:\r\n"
				"> > 01:00.0 VGA: Made up\r\n"
				"> > \tFlags: bus master, fast devsel\r\n"
				"> > \tCapabilities: [40] Power Management version 3\r\n"
				"> > 00: 01 02 03 04 05 06 07 08 09 0a\r\n"
				"> > 0b 0c 0d 0e 0f 10\r\n"
				"> > 10:" ROW "\r\n"
				"-- \r\nregards\r\n",
				&dump),
			 0);
	assert_int_equal(dump.functions.count, 1);
	assert_int_equal(dump.functions.items[0].config.size, 32);
	assert_int_equal(dump.functions.items[0].config.data[10], 0x0b);
}

static void a_missing_row_ends_the_bytes(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_lspci_dump dump;

	assert_int_equal(decode(arena, "00:00.0 X: y\n00:" ROW "\n20:" ROW "\n30:" ROW "\n", &dump),
			 0);
	assert_int_equal(dump.functions.items[0].config.size, 16);
	decode(arena, "00:00.0 X: y\n00:" ROW "\n20:" ROW "\n10:" ROW "\n", &dump);
	assert_int_equal(dump.functions.items[0].config.size, 16);
	assert_int_equal(decode(arena, "00:00.0 X: y\n10:" ROW "\n", &dump), -ENODATA);
	assert_int_equal(decode(arena, "00:00.0 X: y\n00: what is that\n", &dump), -ENODATA);
	assert_int_equal(decode(arena, "00:" ROW "\n", &dump), -ENODATA);
	assert_int_equal(decode(arena, "", &dump), -ENODATA);
}

static void no_more_bytes_than_a_space_has(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_free_ char *text = calloc(1, 300 * 64);
	struct via_lspci_dump dump;
	char *at = text;

	at += sprintf(at, "00:00.0 X: y\n");
	for (unsigned int row = 0; row < 4096; row += 16)
		at += sprintf(at, "%02x:%s\n", row, ROW);
	sprintf(at, "000:%s\nff0:%s\n", ROW, ROW);
	assert_int_equal(decode(arena, text, &dump), 0);
	assert_int_equal(dump.functions.items[0].config.size, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_functions_and_rows),
		cmocka_unit_test(passes_over_verbose_text_and_mail),
		cmocka_unit_test(a_missing_row_ends_the_bytes),
		cmocka_unit_test(no_more_bytes_than_a_space_has),
	};

	return cmocka_run_group_tests_name("lspci_dump", tests, NULL, NULL);
}
