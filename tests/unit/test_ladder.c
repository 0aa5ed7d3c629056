/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "render/bench_words.h"
#include "render/json_bench.h"
#include "render/svg_bench.h"
#include "render/text_bench.h"

static struct via_measure *add(struct via_bench *bench, const char *id, double ns)
{
	double samples[] = { ns * 1.2, ns, ns * 1.1, ns * 4, ns * 1.3 };
	struct via_measure *measure = via_list_add(bench->arena, &bench->measures);

	*measure = (struct via_measure){ .id = id, .title = "what it is" };
	if (ns > 0)
		bench_settle(bench, measure, samples, VIA_COUNT(samples));
	else
		measure->why = "there is none";
	return measure;
}

static void the_middle_is_found(void **state)
{
	_cleanup_bench_ struct via_bench bench = { 0 };
	const struct via_measure *measure;
	double two[] = { 10, 20 };

	bench_init(&bench);
	measure = add(&bench, "a", 100);
	assert_int_equal(measure->count, 5);
	assert_int_equal(measure->low, 110);
	assert_int_equal(measure->median, 120);
	assert_int_equal(measure->high, 130);
	bench_settle(&bench, &bench.measures.items[0], two, 2);
	assert_int_equal(measure->median, 15);
	bench_settle(&bench, &bench.measures.items[0], two, 1);
	assert_int_equal(measure->high, 10);
	assert_null(bench_measure(&bench, "b"));
}

static const struct via_order *order_of(const struct via_bench *bench, const char *more,
					const char *less)
{
	via_for_each (order, &bench->orders)
		if (strcmp(order->more, more) == 0 && strcmp(order->less, less) == 0)
			return order;
	fail();
	return NULL;
}

static void what_physics_demands_is_judged(void **state)
{
	_cleanup_bench_ struct via_bench bench = { 0 };

	bench_init(&bench);
	add(&bench, "exit-port-out", 27000);
	add(&bench, "kick-port", 2800);
	add(&bench, "exit-memory-write", 2000);
	add(&bench, "kick-memory", 2800);
	add(&bench, "memory-mapped", 0);
	bench_judge(&bench);
	assert_true(order_of(&bench, "exit-port-out", "kick-port")->holds);
	assert_true(order_of(&bench, "exit-memory-write", "kick-memory")->known);
	assert_false(order_of(&bench, "exit-memory-write", "kick-memory")->holds);
	assert_false(order_of(&bench, "kick-port", "memory-mapped")->known);
}

static void a_result_is_compared_with_an_earlier_one(void **state)
{
	_cleanup_bench_ struct via_bench now = { 0 }, then = { 0 }, read = { 0 };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_error error;
	json_t *object;

	bench_init(&now);
	bench_init(&then);
	then.host = (struct via_occasion){ .time = "2026-01-01T00:00:00Z", .kernel = "6.1" };
	now.host = (struct via_occasion){ .time = "2026-01-02T00:00:00Z", .kernel = "6.12" };
	add(&then, "a", 100);
	add(&then, "b", 0);
	add(&now, "a", 150);
	add(&now, "b", 10);
	then.measures.items[0].note = "/dev/a, its group's domain: DMA-FQ";
	now.measures.items[0].note = "/dev/a, its group's domain: identity";
	object = json_bench(&then);
	assert_int_equal(bench_from_json(object, "here", &read, &error), 0);
	json_decref(object);
	bench_compare(&now, &read);
	assert_string_equal(words_ratio(arena, bench_measure(&now, "a")), "1.50x");
	assert_null(words_ratio(arena, bench_measure(&now, "b")));
	assert_string_equal(bench_measure(&now, "a")->earlier_note,
			    "/dev/a, its group's domain: DMA-FQ");
	assert_null(bench_measure(&now, "b")->earlier_note);
	assert_string_equal(now.earlier_time, "2026-01-01T00:00:00Z, kernel 6.1");
	object = json_string("no result");
	assert_int_equal(bench_from_json(object, "here", &read, &error), -EBADMSG);
	json_decref(object);
}

static void damaged_results_are_survived(void **state)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		"{\"schema\":\"viaduct.check/1\"}",
		"{\"schema\":\"viaduct.bench/1\"}",
		"{\"schema\":\"viaduct.bench/1\",\"measures\":7,\"host\":[]}",
		"{\"schema\":\"viaduct.bench/1\",\"measures\":[1,{},{\"id\":7},{\"id\":\"a\"}]}",
		"{\"schema\":\"viaduct.bench/1\",\"measures\":[{\"id\":\"a\",\"median_ns\":-1}]}",
		"{\"schema\":\"viaduct.bench/1\",\"measures\":[{\"id\":\"a\",\"median_ns\":9e99}]}",
	};

	for (size_t i = 0; i < VIA_COUNT(texts); i++) {
		json_t *object = json_loads(texts[i], 0, NULL);
		struct via_bench bench;

		assert_non_null(object);
		if (bench_from_json(object, "here", &bench, NULL) == 0) {
			assert_true(i >= 3);
			bench_free(&bench);
		}
		json_decref(object);
	}
}

static void numbers_are_read_at_a_glance(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	assert_string_equal(words_duration(arena, 0.266, true), "0.27 ns");
	assert_string_equal(words_duration(arena, 27140, true), "27.1 µs");
	assert_string_equal(words_duration(arena, 27140, false), "27.1 us");
	assert_string_equal(words_duration(arena, 999.6, true), "1.00 µs");
	assert_string_equal(words_duration(arena, 123456789, true), "123 ms");
	assert_string_equal(words_duration(arena, 2e9, true), "2.00 s");
	assert_string_equal(words_rate(arena, 36900), "36.9 k");
	assert_string_equal(words_rate(arena, 2.94e10), "29.4 G");
}

/* The picture of a bench, as text. */
static char *draw(const struct via_bench *bench)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	assert_int_equal(svg_bench(file, bench), 0);
	fclose(file);
	return text;
}

static void a_picture_is_one_whole_element(void **state)
{
	_cleanup_bench_ struct via_bench bench = { 0 };
	_cleanup_free_ char *text = NULL, *empty = NULL;

	bench_init(&bench);
	empty = draw(&bench);
	assert_non_null(strstr(empty, "</svg>\n"));
	bench.host.cpu = "<script>alert(\"1\")</script> & \x1b[31m \xff";
	add(&bench, "a", 100)->title = "a < b";
	add(&bench, "b", 0)->why = "no \"node\" & nothing <else>";
	add(&bench, "c", 1e9);
	text = draw(&bench);
	assert_null(strstr(text, "<script"));
	assert_null(strchr(text, '\x1b'));
	assert_null(strchr(text, '\xff'));
	assert_non_null(strstr(text, "a &lt; b"));
	assert_non_null(strstr(text, "no &quot;node&quot; &amp; nothing &lt;else&gt;"));
	assert_null(strstr(text, "nan"));
	assert_null(strstr(text, "inf"));
}

static void what_is_measured_on_this_machine_has_numbers_or_a_reason(void **state)
{
	const char *only[] = { "vhost-user", "trap-and-emulate", "memory-mapped" };
	struct via_bench_options options = { .only = only, .only_count = VIA_COUNT(only) };
	_cleanup_bench_ struct via_bench bench = { 0 };
	struct via_error error;
	struct via_root root;

	assert_int_equal(root_open(&root, "/", NULL), 0);
	assert_int_equal(bench_run(&root, &options, &bench, &error), 0);
	assert_true(bench.measures.count > 3);
	via_for_each (measure, &bench.measures) {
		if (measure->why)
			print_message("# %s: %s\n", measure->id, measure->why);
		assert_true(measure->count ? !measure->why : !!measure->why);
		assert_true(!measure->count || measure->samples[0] > 0);
	}
	assert_int_equal(bench_measure(&bench, "vhost-user")->why ? 1 : 0, 0);
	only[0] = "steam";
	assert_int_equal(bench_run(&root, &options, &bench, &error), -ENOENT);
	root_close(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_middle_is_found),
		cmocka_unit_test(what_physics_demands_is_judged),
		cmocka_unit_test(a_result_is_compared_with_an_earlier_one),
		cmocka_unit_test(damaged_results_are_survived),
		cmocka_unit_test(numbers_are_read_at_a_glance),
		cmocka_unit_test(a_picture_is_one_whole_element),
		cmocka_unit_test(what_is_measured_on_this_machine_has_numbers_or_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
