/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/results.h"

static struct via_root root;
static char path[] = "/tmp/viaduct-results.XXXXXX";

static int begin(void **state)
{
	if (!mkdtemp(path))
		return -1;
	return root_open(&root, path, NULL);
}

static int end(void **state)
{
	char command[64];

	root_close(&root);
	snprintf(command, sizeof(command), "rm -rf %s", path);
	return system(command);
}

static void the_latest_is_found(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *found = NULL, *text = NULL;

	assert_int_equal(results_latest(&root, arena, "bench", &found, &text), -ENODATA);
	assert_int_equal(results_save(&root, "bench", "2026-01-02T10:00:00Z", "{\"b\": 1}", NULL),
			 0);
	assert_int_equal(results_save(&root, "bench", "2026-01-02T09:59:59Z", "{\"a\": 1}", NULL),
			 0);
	assert_int_equal(results_save(&root, "prove", "2026-01-03T00:00:00Z", "{}", NULL), 0);
	assert_int_equal(results_latest(&root, arena, "bench", &found, &text), 0);
	assert_string_equal(found, "var/lib/viaduct/results/bench/2026-01-02T100000Z.json");
	assert_string_equal(text, "{\"b\": 1}");
}

static void what_was_cut_off_is_no_result(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_close_ int fd = -1;
	const char *found, *text;

	fd = root_openat(&root, "var/lib/viaduct/results/bench", O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	close(openat(fd, ".new", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	assert_int_equal(results_latest(&root, arena, "bench", &found, &text), 0);
	assert_string_equal(text, "{\"b\": 1}");
	assert_int_equal(results_save(&root, "bench", "2026-01-04T00:00:00Z", "{}", NULL), 0);
	assert_int_equal(faccessat(fd, ".new", F_OK, 0), -1);
}

static void only_the_last_hundred_stay(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names;

	for (int i = 0; i < 120; i++) {
		const char *time = arena_printf(arena, "2026-02-01T00:%02d:%02dZ", i / 60, i % 60);

		assert_int_equal(results_save(&root, "many", time, "{}", NULL), 0);
	}
	root_entries(&root, arena, &names, "var/lib/viaduct/results/many");
	assert_int_equal(names.count, 100);
	assert_string_equal(names.items[0], "2026-02-01T000020Z.json");
}

static void a_link_is_not_followed(void **state)
{
	_cleanup_close_ int fd = -1;
	struct via_error error;

	fd = root_openat(&root, "var/lib/viaduct/results", O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	assert_int_equal(symlinkat("/nowhere", fd, "link"), 0);
	assert_true(results_save(&root, "link", "2026-01-01T00:00:00Z", "{}", &error) < 0);
	assert_string_equal(error.what, "the result was not kept");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_latest_is_found),
		cmocka_unit_test(what_was_cut_off_is_no_result),
		cmocka_unit_test(only_the_last_hundred_stay),
		cmocka_unit_test(a_link_is_not_followed),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
