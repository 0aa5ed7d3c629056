/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <string.h>

#include "render/id_file.h"

static const char text[] = "# comment\n"
			   "0001  First\n"
			   "# 0002  no vendor\n"
			   "\n"
			   "8086  Intel Corporation\n"
			   "\t10c9  82576 Gigabit Network Connection\n"
			   "\t\t8086 a03c  Gigabit ET Dual Port Server Adapter\n"
			   "\t10CA  82576 Virtual Function\n"
			   "# between\n"
			   "\n"
			   "\t9a49  Iris Xe\n"
			   "ffff  Illegal Vendor ID\n"
			   "\n"
			   "C 02  Network controller\n"
			   "\t00  Ethernet controller\n"
			   "\t\t01  interface\n"
			   "C 0c  Serial bus controller\n"
			   "\t03  USB controller";

static const struct via_span file = { (const uint8_t *)text, sizeof(text) - 1 };

static void expect(const char *name, const size_t *length, const char *wanted)
{
	if (!wanted) {
		assert_null(name);
		return;
	}
	assert_non_null(name);
	assert_int_equal(*length, strlen(wanted));
	assert_memory_equal(name, wanted, *length);
}

static void vendors(void **state)
{
	size_t length = 0;

	expect(id_file_vendor(file, 0x0001, &length), &length, "First");
	expect(id_file_vendor(file, 0x0002, &length), &length, NULL);
	expect(id_file_vendor(file, 0x8086, &length), &length, "Intel Corporation");
	expect(id_file_vendor(file, 0xffff, &length), &length, "Illegal Vendor ID");
	expect(id_file_vendor(file, 0x0003, &length), &length, NULL);
	expect(id_file_vendor((struct via_span){ 0 }, 0x8086, &length), &length, NULL);
}

static void devices(void **state)
{
	size_t length = 0;

	expect(id_file_device(file, 0x8086, 0x10c9, &length), &length,
	       "82576 Gigabit Network Connection");
	expect(id_file_device(file, 0x8086, 0x10ca, &length), &length, "82576 Virtual Function");
	expect(id_file_device(file, 0x8086, 0x9a49, &length), &length, "Iris Xe");
	expect(id_file_device(file, 0x8086, 0x8086, &length), &length, NULL);
	expect(id_file_device(file, 0x0001, 0x10c9, &length), &length, NULL);
}

static void classes(void **state)
{
	size_t length = 0;

	expect(id_file_class(file, 0x0200, &length), &length, "Ethernet controller");
	expect(id_file_class(file, 0x0c03, &length), &length, "USB controller");
	expect(id_file_class(file, 0x0280, &length), &length, NULL);
	expect(id_file_base_class(file, 0x0c, &length), &length, "Serial bus controller");
	expect(id_file_base_class(file, 0x13, &length), &length, NULL);
}

/* Cut anywhere, it leads nowhere. */
static void cut_files(void **state)
{
	for (size_t size = 0; size < file.size; size++) {
		uint8_t *copy = test_malloc(size ? size : 1);
		struct via_span cut = { copy, size };
		size_t length;

		memcpy(copy, text, size);
		id_file_vendor(cut, 0xffff, &length);
		id_file_device(cut, 0x8086, 0x9a49, &length);
		id_file_class(cut, 0x0c03, &length);
		test_free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vendors),
		cmocka_unit_test(devices),
		cmocka_unit_test(classes),
		cmocka_unit_test(cut_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
