/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/parse.h"
#include "base/span.h"
#include "base/uuid.h"

static void arena_lists_keep_what_was_added(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	via_list(int) list = { 0 };
	int sum = 0;

	for (int i = 1; i <= 1000; i++)
		*via_list_add(arena, &list) = i;
	via_for_each (item, &list)
		sum += *item;
	assert_int_equal(sum, 500500);
	assert_non_null(arena_alloc(arena, 10 << 20));
}

static void spans_refuse_what_is_outside(void **state)
{
	const uint8_t bytes[] = { 1, 2, 3, 4, 5 };
	struct via_span span = { bytes, sizeof(bytes) };
	uint32_t value = 42;

	assert_true(span_u32(span, 1, &value));
	assert_int_equal(value, 0x05040302);
	assert_false(span_u32(span, 2, &value));
	assert_false(span_u32(span, SIZE_MAX - 1, &value));
	assert_int_equal(value, 0x05040302);
	assert_int_equal(span_sub(span, 4, 2).size, 0);
	assert_int_equal(span_sub(span, 3, 2).size, 2);
}

static void addresses_are_whole_or_refused(void **state)
{
	static const char *const bad[] = {
		"",	   "1:0",      "0000:01:00",	   "0000:01:00.8",
		"01:20.0", "01:00.0x", " 01:00.0",	   "0000:001:00.0",
		"gg:00.0", ":01:00.0", "123456789:01:00.0"
	};
	struct via_pci_address address;
	char text[PCI_ADDRESS_TEXT];

	assert_int_equal(address_parse("10000:e1:1f.7", &address), 0);
	assert_int_equal(address.domain, 0x10000);
	assert_string_equal(address_format(address, text), "10000:e1:1f.7");
	assert_int_equal(address_parse("01:00.0", &address), 0);
	assert_string_equal(address_format(address, text), "0000:01:00.0");
	for (size_t i = 0; i < VIA_COUNT(bad); i++)
		assert_int_equal(address_parse(bad[i], &address), -EINVAL);
}

static void numbers_are_whole_or_refused(void **state)
{
	uint64_t value = 7;
	int64_t signed_value;

	assert_int_equal(parse_u64("0x10c9", 0, &value), 0);
	assert_int_equal(value, 0x10c9);
	assert_int_equal(parse_u64("-1", 0, &value), -EINVAL);
	assert_int_equal(parse_u64("12 ", 0, &value), -EINVAL);
	assert_int_equal(parse_u64("", 0, &value), -EINVAL);
	assert_int_equal(parse_u64("99999999999999999999", 0, &value), -ERANGE);
	assert_int_equal(value, 0x10c9);
	assert_int_equal(parse_s64("-1", 0, &signed_value), 0);
	assert_int_equal(signed_value, -1);
}

static void words_are_whole(void **state)
{
	assert_true(text_has_word("fpu vmx sse", "vmx"));
	assert_false(text_has_word("fpu vmx_flags svm_lock", "vmx"));
	assert_false(text_has_word("svm_lock", "svm"));
	assert_true(text_has_word("svm_lock svm", "svm"));
	assert_string_equal(path_name("a/b/c"), "c");
}

static void uuids_keep_their_bytes(void **state)
{
	static const char text[] = "00112233-4455-4677-8899-aabbccddeeff";
	uint8_t bytes[UUID_BYTES];
	char again[UUID_TEXT];

	assert_true(uuid_valid(text));
	uuid_parse(text, bytes);
	assert_int_equal(bytes[1], 0x11);
	assert_int_equal(bytes[15], 0xff);
	assert_string_equal(uuid_format(bytes, 4, again), text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_lists_keep_what_was_added),
		cmocka_unit_test(spans_refuse_what_is_outside),
		cmocka_unit_test(addresses_are_whole_or_refused),
		cmocka_unit_test(numbers_are_whole_or_refused),
		cmocka_unit_test(words_are_whole),
		cmocka_unit_test(uuids_keep_their_bytes),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
