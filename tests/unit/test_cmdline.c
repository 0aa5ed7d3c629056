/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "base/cleanup.h"
#include "decode/cmdline.h"

static void splits_as_the_kernel_does(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_cmdline line;

	cmdline_decode(arena, " a=1  quiet dyndbg=\"file x +p\" \"b=2 3\" -- init=no", &line);
	assert_int_equal(line.count, 4);
	assert_string_equal(line.items[0].name, "a");
	assert_string_equal(line.items[0].value, "1");
	assert_null(line.items[1].value);
	assert_string_equal(line.items[2].value, "file x +p");
	assert_string_equal(line.items[3].name, "b");
	assert_string_equal(line.items[3].value, "2 3");
}

static void takes_dash_and_underscore_as_one(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_cmdline line;

	cmdline_decode(arena, "vfio-pci.ids=1:2 vfio_pci.ids=3:4", &line);
	assert_string_equal(cmdline_last(&line, "vfio_pci.ids")->value, "3:4");
	assert_null(cmdline_last(&line, "vfio_pci.id"));
}

static void finds_options_by_whole_word(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_cmdline line;

	cmdline_decode(arena, "intel_iommu=on,sm_on iommu=pt", &line);
	assert_true(cmdline_has_option(&line, "intel_iommu", "on"));
	assert_true(cmdline_has_option(&line, "intel_iommu", "sm_on"));
	assert_false(cmdline_has_option(&line, "intel_iommu", "sm"));
	assert_false(cmdline_has_option(&line, "intel_iommu", "off"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_as_the_kernel_does),
		cmocka_unit_test(takes_dash_and_underscore_as_one),
		cmocka_unit_test(finds_options_by_whole_word),
	};

	return cmocka_run_group_tests_name("cmdline", tests, NULL, NULL);
}
