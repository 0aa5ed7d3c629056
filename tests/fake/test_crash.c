/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wherever viaduct dies, recovering in a new process makes the host what it was, byte by
 * byte; and where recovering dies, recovering again does.
 */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "crash.h"
#include "plan/generate.h"
#include "scene.h"

static int roll_back(struct scene *scene)
{
	return scene_rollback(scene, 0);
}

static bool committed(const struct scene *scene)
{
	struct via_history history = { 0 };

	assert_int_equal(history_read(&scene->world.root, scene->arena, &history, NULL), 0);
	return history.transactions.count &&
	       history.transactions.items[0].state == VIA_TRANSACTION_COMMITTED;
}

/*
 * Before or after, never between: whoever died with all done and recorded as done leaves
 * nothing to recover. Return: whether it was so.
 */
static bool back_to_start(struct scene *scene)
{
	bool done;

	assert_int_equal(scene_run_until(scene, scene_recover, 0), 0);
	done = committed(scene);
	if (done)
		assert_int_equal(scene_run_until(scene, roll_back, 0), 0);
	assert_true(scene_unchanged(scene));
	tree_remove(&scene->kernel.tree, "var/lib/viaduct");
	return done;
}

static void plan_all(struct scene *scene)
{
	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_take(scene, GPU, "10de:2684", "nouveau");
	scene_take(scene, EDU, "1234:11e8", "");
	scene_nvme_vf(scene);
}

/* What is done and undone side by side, in three stages. */
static void plan_functions(struct scene *scene)
{
	scene_take(scene, GPU, "10de:2684", "nouveau");
	scene_take(scene, EDU, "1234:11e8", "");
	scene_take(scene, IGB, "8086:10c9", "igb");
}

static void plan_files(struct scene *scene)
{
	scene_file(scene, "/etc/default/grub.d/90-viaduct.cfg", "intel_iommu=on\n");
	scene_file(scene, "/etc/default/grub.d/10-words.cfg", "quiet splash\n");
	scene_file(scene, "/etc/modprobe.d/blacklist.conf", NULL);
	scene_file(scene, "/etc/initramfs-tools/scripts/init-top/viaduct", "#!/bin/sh\n");
	plan_generate(&scene->plan, "update-initramfs -u -k all", "", "test");
	plan_generate(&scene->plan, "update-grub", "cmdline+intel_iommu=on", "test");
}

static void survives_a_crash_anywhere(void **state)
{
	struct scene *scene = *state;
	unsigned long at = 1, done = 0;

	plan_all(scene);
	for (; scene_run_until(scene, scene_apply, at); at++)
		done += back_to_start(scene);
	print_message("# apply died at %lu points, at %lu of them with all done\n", at - 1, done);
	assert_true(at > 8 * scene->plan.actions.count);
	assert_int_equal(done, 2); /* before and after the last fsync */
	assert_int_equal(scene_run_until(scene, roll_back, 0), 0);
	assert_true(scene_unchanged(scene));
}

static void files_survive_a_crash_anywhere(void **state)
{
	struct scene *scene = *state;
	unsigned long at = 1, done = 0;

	plan_files(scene);
	for (; scene_run_until(scene, scene_apply, at); at++)
		done += back_to_start(scene);
	print_message("# apply of files died at %lu points\n", at - 1);
	assert_true(at > 20 * scene->plan.actions.count);
	assert_int_equal(done, 2);
	assert_int_equal(scene_run_until(scene, roll_back, 0), 0);
	assert_true(scene_unchanged(scene));
}

/* The next boot's process has another boot id: what persists is recovered all the same. */
static void files_survive_a_crash_and_a_boot(void **state)
{
	struct scene *scene = *state;

	plan_files(scene);
	for (unsigned long at = 1; scene_run_until(scene, scene_apply, at); at++) {
		bool done;

		scene_set_boot(scene, 2);
		assert_int_equal(scene_run_until(scene, scene_recover, 0), 0);
		done = committed(scene);
		if (done)
			assert_int_equal(scene_run_until(scene, roll_back, 0), 0);
		scene_set_boot(scene, 1);
		assert_true(scene_unchanged(scene));
		tree_remove(&scene->kernel.tree, "var/lib/viaduct");
	}
}

static void rolls_back_through_crashes(struct scene *scene, void (*plan)(struct scene *scene))
{
	unsigned long at = 1;

	plan(scene);
	for (;; at++) {
		assert_int_equal(scene_run_until(scene, scene_apply, 0), 0);
		if (!scene_run_until(scene, roll_back, at))
			break;
		back_to_start(scene); /* also when it died before it had begun */
	}
	print_message("# rollback died at %lu points\n", at - 1);
	assert_true(scene_unchanged(scene));
}

static void survives_a_crash_while_rolling_back(void **state)
{
	rolls_back_through_crashes(*state, plan_all);
}

static void functions_survive_a_crash_anywhere(void **state)
{
	struct scene *scene = *state;
	unsigned long at = 1, done = 0;

	assert_int_equal(effect_load_module(&scene->world.effects, "vfio-pci"), 0);
	scene_remember(scene);
	plan_functions(scene);
	for (; scene_run_until(scene, scene_apply, at); at++)
		done += back_to_start(scene);
	print_message("# apply of functions died at %lu points\n", at - 1);
	assert_int_equal(done, 2);
	assert_int_equal(scene_run_until(scene, roll_back, 0), 0);
	assert_true(scene_unchanged(scene));
	tree_remove(&scene->kernel.tree, "var/lib/viaduct");
	scene_clear(scene);
	rolls_back_through_crashes(scene, plan_functions);
}

static void functions_survive_a_crash_while_recovering(void **state)
{
	struct scene *scene = *state;
	unsigned long pairs = 0;

	assert_int_equal(effect_load_module(&scene->world.effects, "vfio-pci"), 0);
	scene_remember(scene);
	plan_functions(scene);
	for (unsigned long at = 1; scene_run_until(scene, scene_apply, at); at++) {
		for (unsigned long again = 1 + at % 3; scene_run_until(scene, scene_recover, again);
		     again += 3, pairs++) {
			back_to_start(scene);
			assert_true(scene_run_until(scene, scene_apply, at));
		}
		back_to_start(scene);
	}
	print_message("# recover of functions died at %lu points\n", pairs);
	assert_true(pairs > 100);
}

static void files_survive_a_crash_while_rolling_back(void **state)
{
	rolls_back_through_crashes(*state, plan_files);
}

/*
 * Each point of applying, and for each of them every third point of recovering from it: the
 * neighbours begin at another third.
 */
static void survives_a_crash_while_recovering(void **state)
{
	struct scene *scene = *state;
	unsigned long pairs = 0;

	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_nvme_vf(scene);
	for (unsigned long at = 1;; at++) {
		for (unsigned long again = 1 + at % 3;; again += 3, pairs++) {
			if (!scene_run_until(scene, scene_apply, at)) {
				print_message("# recover died at %lu points\n", pairs);
				assert_true(pairs > 350);
				return;
			}
			if (!scene_run_until(scene, scene_recover, again))
				break;
			back_to_start(scene);
		}
		back_to_start(scene);
	}
}

/* Wherever it dies, what the owner put beside our words stays, and ours are gone. */
static void edits_survive_a_crash_while_rolling_back(void **state)
{
	static const char *const path = "etc/default/grub";
	struct scene *scene = *state;
	unsigned long at = 1;

	for (bool died = true; died; at++) {
		tree_put(&scene->kernel.tree, path, "A=\"quiet\"");
		scene_clear(scene);
		scene_file(scene, "/etc/default/grub", "A=\"quiet iommu=pt\"\n");
		assert_int_equal(scene_run_until(scene, scene_apply, 0), 0);
		tree_put(&scene->kernel.tree, path, "A=\"quiet iommu=pt loud\"");
		died = scene_run_until(scene, roll_back, at);
		assert_int_equal(scene_run_until(scene, scene_recover, 0), 0);
		if (committed(scene))
			assert_int_equal(scene_run_until(scene, roll_back, 0), 0);
		assert_string_equal(tree_text(&scene->kernel.tree, path), "A=\"quiet loud\"");
		tree_remove(&scene->kernel.tree, "var/lib/viaduct");
	}
	print_message("# rollback of an edited file died at %lu points\n", at - 2);
	assert_true(at > 10);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(survives_a_crash_anywhere),
		TEST(survives_a_crash_while_rolling_back),
		TEST(survives_a_crash_while_recovering),
		TEST(functions_survive_a_crash_anywhere),
		TEST(functions_survive_a_crash_while_recovering),
		TEST(files_survive_a_crash_anywhere),
		TEST(files_survive_a_crash_and_a_boot),
		TEST(files_survive_a_crash_while_rolling_back),
		TEST(edits_survive_a_crash_while_rolling_back),
	};

	return cmocka_run_group_tests_name("fake-crash", tests, NULL, NULL);
}
