/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <stdatomic.h>
#include <string.h>

#include "base/split.h"

enum { MANY = 1000, PORTION = 64 };

struct counting {
	atomic_uint done[MANY];
	atomic_size_t largest;
	const char *kept[MANY];
};

static void count(void *context, struct via_arena *arena, size_t first, size_t end)
{
	struct counting *counting = context;

	if (end - first > counting->largest)
		counting->largest = end - first;
	for (size_t i = first; i < end; i++) {
		counting->done[i]++;
		counting->kept[i] = arena_printf(arena, "item %zu", i);
	}
}

static void forget(void *context, struct via_arena *arena, size_t first, size_t end)
{
	count(context, arena, first, end);
	arena_reset(arena);
	memset(arena_alloc(arena, 512), 0xff, 512);
}

static void is_done_once(const struct counting *counting, size_t items)
{
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(counting->done[i], i < items);
}

static void every_item_is_done_once(void **state)
{
	static const size_t counts[] = { 0, 1, 7, 127, 128, MANY };

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		_cleanup_arena_ struct via_arena *arena = arena_new();
		struct counting counting = { 0 };
		struct via_split *split = split_begin(counts[i], PORTION, count, &counting);

		split_end(split, arena);
		is_done_once(&counting, counts[i]);
		assert_true(counting.largest <= PORTION);
		if (counts[i])
			assert_string_equal(counting.kept[0], "item 0");
	}
}

static void work_may_reset_its_arena(void **state)
{
	struct counting counting = { 0 };

	split_run(NULL, MANY, PORTION, forget, &counting);
	is_done_once(&counting, MANY);
	counting = (struct counting){ 0 };
	split_run(NULL, 3, 1, forget, &counting);
	is_done_once(&counting, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_is_done_once),
		cmocka_unit_test(work_may_reset_its_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
