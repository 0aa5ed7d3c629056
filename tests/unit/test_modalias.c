/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <fnmatch.h>
#include <string.h>

#include "decode/modalias.h"

static const char igb[] = "pci:v00008086d000010C9sv00001AF4sd00001100bc02sc00i00";

static struct via_span span_of(const char *text, size_t size)
{
	return (struct via_span){ .data = (const uint8_t *)text, .size = size };
}

/* The judge is the C library. */
static void matches_as_fnmatch_does(void **state)
{
	static const char *const patterns[] = {
		"*",
		"",
		"?",
		"pci:*",
		"pci:v00008086d000010C9sv*sd*bc*sc*i*",
		igb,
		"pci:v0000808?d*",
		"pci:v[0-9]*",
		"pci:v[a-f]*",
		"pci:v0000808[0-5]*",
		"pci:v0000808[1-79]*",
		"*i00",
		"*i01",
		"*8086*",
		"*8086*8086*",
		"**i0*",
		"pci:v00008086d000010C9sv00001AF4sd00001100bc02sc00i0",
		"pci:v00008086d000010C9sv00001AF4sd00001100bc02sc00i00?",
		"usb:*",
		"*[i]0[0]",
		"*0*0*0*0*1",
	};

	for (size_t i = 0; i < VIA_COUNT(patterns); i++)
		assert_int_equal(modalias_matches(patterns[i], igb),
				 fnmatch(patterns[i], igb, 0) == 0);
	assert_true(modalias_matches("*", ""));
	assert_false(modalias_matches("?", ""));
	assert_false(modalias_matches("[", "x"));
	assert_false(modalias_matches("[a-", "x"));
}

/* Where trying every star in turn would take longer than anyone waits. */
static void takes_no_time_for_many_stars(void **state)
{
	char pattern[401], name[201];

	for (size_t i = 0; i < 200; i++) {
		memcpy(pattern + 2 * i, "*a", 2);
		name[i] = 'a';
	}
	pattern[400] = name[200] = '\0';
	assert_true(modalias_matches(pattern, name));
	pattern[399] = 'b';
	assert_false(modalias_matches(pattern, name));
}

static void reads_the_text_of_depmod(void **state)
{
	static const char file[] = "# Aliases extracted from modules themselves.\n"
				   "alias pci:v00008086d000010C9sv*sd*bc*sc*i* igb\n"
				   "alias pci:v*d*sv*sd*bc02sc*i* some-other\n"
				   "alias pci:v00008086d*sv*sd*bc*sc*i* igb\n"
				   "alias usb:v* igb2\n"
				   "alias\nalias x\nalias  \n"
				   "alias pci:* last";
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names = { 0 };

	modalias_claims(arena, span_of(file, sizeof(file) - 1), igb, &names);
	assert_int_equal(names.count, 3);
	assert_string_equal(names.items[0], "igb");
	assert_string_equal(names.items[1], "some_other");
	assert_string_equal(names.items[2], "last");
}

static void reads_what_is_built_in(void **state)
{
	static const char file[] = "ahci.license=GPL\0ahci.alias=pci:v*d*sv*sd*bc01sc06i01*\0"
				   "e1000e.alias=pci:v00008086d*sv*sd*bc02*\0no-dot\0.alias=\0";
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names = { 0 };

	modalias_builtin_claims(arena, span_of(file, sizeof(file)), igb, &names);
	assert_int_equal(names.count, 1);
	assert_string_equal(names.items[0], "e1000e");
}

static void tells_the_fittest(void **state)
{
	static const char file[] = "alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n"
				   "alias vfio_pci:v00008086d*sv*sd*bc02sc*i* wide-vfio-pci\n"
				   "alias pci:v00008086d000010D3sv*sd*bc*sc*i* e1000e\n";
	static const char builtin[] =
		"own_vfio_pci.alias=vfio_pci:v00008086d000010C9sv*sd*bc02sc*i*\0"
		"other.alias=pci:v00008086d*\0";
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *alias = arena_printf(arena, "vfio_%s", igb);
	struct via_aliases aliases = { 0 };

	assert_null(modalias_fittest(&aliases, alias));
	modalias_collect(arena, span_of(file, sizeof(file) - 1), "vfio_pci:", &aliases);
	assert_int_equal(aliases.count, 2);
	assert_string_equal(modalias_fittest(&aliases, alias), "wide_vfio_pci");
	modalias_builtin_collect(arena, span_of(builtin, sizeof(builtin)), "vfio_pci:", &aliases);
	assert_int_equal(aliases.count, 3);
	assert_string_equal(modalias_fittest(&aliases, alias), "own_vfio_pci");
	assert_null(modalias_fittest(&aliases, "vfio_usb:none"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_as_fnmatch_does),
		cmocka_unit_test(takes_no_time_for_many_stars),
		cmocka_unit_test(reads_the_text_of_depmod),
		cmocka_unit_test(reads_what_is_built_in),
		cmocka_unit_test(tells_the_fittest),
	};

	return cmocka_run_group_tests_name("modalias", tests, NULL, NULL);
}
