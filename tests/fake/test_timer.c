/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "apply/timer.h"
#include "base/cleanup.h"
#include "scene.h"

#define JOURNAL "var/lib/viaduct/journal/000001.jsonl"

static void plan_edu(struct scene *scene, unsigned int seconds)
{
	scene_clear(scene);
	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_take(scene, EDU, "1234:11e8", "");
	scene->plan.revert_after_s = seconds;
}

/* Whether the timer of transaction 1 goes within @seconds. */
static bool goes(const struct scene *scene, int seconds)
{
	for (int i = 0; i < seconds * 50; i++) {
		if (timer_left_ms(&scene->world.root, 1) == -ENOENT)
			return true;
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
	return false;
}

static void undoes_what_nobody_keeps(void **state)
{
	struct scene *scene = *state;

	plan_edu(scene, 1);
	assert_int_equal(scene_apply(scene), 0);
	assert_string_equal(fake_driver_of(&scene->kernel.tree, EDU), "vfio-pci");
	assert_true(goes(scene, 30));
	assert_true(scene_unchanged(scene));
	assert_int_equal(scene_rollback(scene, 1), -EALREADY);
}

static void keeps_what_somebody_keeps(void **state)
{
	struct scene *scene = *state;
	struct via_timers kept;

	plan_edu(scene, 60);
	assert_int_equal(scene_apply(scene), 0);
	assert_true(timer_left_ms(&scene->world.root, 1) > 50000);
	assert_int_equal(timer_keep(&scene->world, scene->arena, &kept, &scene->error), 0);
	assert_int_equal(kept.count, 1);
	assert_int_equal(kept.items[0], 1);
	assert_int_equal(timer_left_ms(&scene->world.root, 1), -ENOENT);
	assert_int_equal(scene_recover(scene), 0);
	assert_string_equal(fake_driver_of(&scene->kernel.tree, EDU), "vfio-pci");
	assert_int_equal(timer_keep(&scene->world, scene->arena, &kept, &scene->error), 0);
	assert_int_equal(kept.count, 0);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

/* Whoever waited was killed: its note is still there. */
static void recover_undoes_what_is_overdue(void **state)
{
	struct scene *scene = *state;
	struct via_timers kept;

	plan_edu(scene, 0);
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(timer_set(&scene->world.root, 1, 3600, &scene->error), 0);
	assert_int_equal(scene_recover(scene), 0);
	assert_string_equal(fake_driver_of(&scene->kernel.tree, EDU), "vfio-pci");
	timer_drop(&scene->world.root, 1);
	assert_int_equal(timer_set(&scene->world.root, 1, 0, &scene->error), 0);
	assert_int_equal(timer_left_ms(&scene->world.root, 1), 0);
	assert_int_equal(timer_keep(&scene->world, scene->arena, &kept, &scene->error), 0);
	assert_int_equal(kept.count, 0); /* too late */
	assert_int_equal(scene_recover(scene), 0);
	assert_true(scene_unchanged(scene));
	assert_int_equal(timer_left_ms(&scene->world.root, 1), -ENOENT);
}

static void goes_with_its_transaction(void **state)
{
	struct scene *scene = *state;

	plan_edu(scene, 60);
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(timer_left_ms(&scene->world.root, 1), -ENOENT);
	assert_true(scene_unchanged(scene));
	tree_remove(&scene->kernel.tree, "var/lib/viaduct");
	plan_edu(scene, 60);
	scene->kernel.fail_path = "vfio-pci/bind";
	scene->kernel.fail_error = -EIO;
	assert_int_equal(scene_apply(scene), -EIO);
	assert_int_equal(timer_left_ms(&scene->world.root, 1), -ENOENT);
	assert_true(scene_unchanged(scene));
}

/* It died in the midst of the change: the timer does what recover does. */
static void undoes_what_was_interrupted(void **state)
{
	struct scene *scene = *state;
	const char *text;

	plan_edu(scene, 0);
	assert_int_equal(scene_apply(scene), 0);
	text = tree_text(&scene->kernel.tree, JOURNAL);
	tree_put(&scene->kernel.tree, JOURNAL, "%.*s",
		 (int)(strstr(text, "{\"type\":\"committed\"") - text), text);
	assert_int_equal(timer_set(&scene->world.root, 1, 0, &scene->error), 0);
	assert_int_equal(timer_wait(&scene->world, 1, &scene->options, &scene->error), 1);
	assert_true(scene_unchanged(scene));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)
	const struct CMUnitTest tests[] = {
		TEST(undoes_what_nobody_keeps),	      TEST(keeps_what_somebody_keeps),
		TEST(recover_undoes_what_is_overdue), TEST(goes_with_its_transaction),
		TEST(undoes_what_was_interrupted),
	};

	return cmocka_run_group_tests_name("timer", tests, NULL, NULL);
}
