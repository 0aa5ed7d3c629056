/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "sys/unpack.h"

/* "CONFIG_KVM=y" and a line break */
static const uint8_t packed[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x73,
	0xf6, 0xf7, 0x73, 0xf3, 0x74, 0x8f, 0xf7, 0x0e, 0xf3, 0xb5, 0xad,
	0xe4, 0x02, 0x00, 0xd8, 0x2c, 0x83, 0x57, 0x0d, 0x00, 0x00, 0x00
};
static const char text[] = "CONFIG_KVM=y\n";

static void unpacks_a_file(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span out = { 0 };
	int r = unpack_gzip(arena, (struct via_span){ packed, sizeof(packed) }, 100, &out);

	if (r == -EOPNOTSUPP)
		skip();
	assert_int_equal(r, 0);
	assert_int_equal(out.size, strlen(text));
	assert_memory_equal(out.data, text, out.size);
}

/* A size that is just enough, and one byte less. */
static void keeps_to_its_limit(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span out = { .size = 7 };

	if (unpack_gzip(arena, (struct via_span){ packed, sizeof(packed) }, 13, &out) ==
	    -EOPNOTSUPP)
		skip();
	assert_int_equal(out.size, 13);
	out.size = 7;
	assert_int_equal(unpack_gzip(arena, (struct via_span){ packed, sizeof(packed) }, 12, &out),
			 -EFBIG);
	assert_int_equal(out.size, 7);
}

static void refuses_what_is_damaged(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span out = { .size = 7 };
	int r = unpack_gzip(arena, (struct via_span){ (const uint8_t *)text, sizeof(text) }, 100,
			    &out);

	if (r == -EOPNOTSUPP)
		skip();
	assert_int_equal(r, -EBADMSG);
	assert_int_equal(unpack_gzip(arena, (struct via_span){ packed, 0 }, 100, &out), -EBADMSG);
	assert_int_equal(unpack_gzip(arena, (struct via_span){ packed, 5 }, 100, &out), -EBADMSG);
	assert_int_equal(out.size, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks_a_file),
		cmocka_unit_test(keeps_to_its_limit),
		cmocka_unit_test(refuses_what_is_damaged),
	};

	return cmocka_run_group_tests_name("unpack", tests, NULL, NULL);
}
