/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scene.h"

#define FIRST "var/lib/viaduct/journal/000001.jsonl"

static void add_text(const struct scene *scene, const char *text)
{
	char path[512];
	_cleanup_fclose_ FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/" FIRST, scene->kernel.tree.base);
	file = fopen(path, "ae");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
}

/* A transaction of two actions, cut after so many lines, then @text. */
static void leave_journal(struct scene *scene, unsigned int lines, const char *text)
{
	const char *whole, *at;

	scene_clear(scene);
	scene_add(scene, VIA_ACTION_SRIOV_AUTOPROBE, NVME, NULL, "1", "0");
	scene_add(scene, VIA_ACTION_SRIOV_COUNT, NVME, NULL, "0", "2");
	assert_int_equal(scene_apply(scene), 0);
	whole = path_of("%s\n", tree_text(&scene->kernel.tree, FIRST));
	for (at = whole; lines; lines--)
		at = strchr(at, '\n') + 1;
	tree_put_bytes(&scene->kernel.tree, FIRST, whole, (unsigned long)(at - whole));
	add_text(scene, text);
}

static void ignores_a_torn_last_line(void **state)
{
	static const char *const torn[] = { "{\"type\":\"commi", "{\"type\":\n", "garbage\n", "" };
	struct scene *scene = *state;

	for (size_t i = 0; i < VIA_COUNT(torn); i++) {
		leave_journal(scene, 5, torn[i]);
		assert_int_equal(scene_apply(scene), -EBUSY);
		assert_non_null(strstr(scene->error.hint, "recover"));
		assert_int_equal(scene_recover(scene), 0);
		assert_true(scene_unchanged(scene));
		assert_int_equal(scene_rollback(scene, 1), -EALREADY); /* readable again */
		tree_remove(&scene->kernel.tree, "var/lib/viaduct");
	}
}

static void takes_a_torn_header_for_nothing_done(void **state)
{
	struct scene *scene = *state;

	tree_put_bytes(&scene->kernel.tree, FIRST, "{\"type\":\"hea", 12);
	scene_add(scene, VIA_ACTION_SRIOV_AUTOPROBE, NVME, NULL, "1", "0");
	assert_int_equal(scene_recover(scene), 0);
	assert_int_equal(scene_apply(scene), 0);
	assert_true(tree_has(&scene->kernel.tree, "var/lib/viaduct/journal/000002.jsonl"));
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

static void refuses_to_guess_at_damage(void **state)
{
	static const char *const damage[] = {
		"garbage\n{\"type\":\"committed\"}\n", /* not JSON, and not the last */
		"{\"type\":\"dance\"}\n",	       /* no such line */
		"{\"type\":\"rolled-back\"}\n",	       /* before rolling-back */
		"{\"type\":\"done\",\"n\":7,\"read_back\":\"0\"}\n", /* of no action */
		"{\"type\":\"dones\",\"of\":[]}\n",
		"{\"type\":\"intents\",\"of\":[{\"n\":3}]}\n",
		"{\"type\":\"undones\",\"of\":[{\"n\":1}]}\n", /* before rolling-back */
		"{\"type\":\"header\",\"schema\":\"viaduct.journal/1\",\"id\":1}\n",
	};
	struct scene *scene = *state;
	struct via_history history;

	for (size_t i = 0; i < VIA_COUNT(damage); i++) {
		leave_journal(scene, 5, damage[i]);
		assert_int_equal(scene_recover(scene), -EBADMSG);
		assert_non_null(strstr(scene->error.where, FIRST));
		assert_non_null(strstr(scene->error.why, "line 6"));
		assert_int_equal(scene_apply(scene), -EBADMSG);
		assert_int_equal(history_read(&scene->world.root, scene->arena, &history, NULL), 0);
		assert_int_equal(history.transactions.items[0].state, VIA_TRANSACTION_DAMAGED);
		tree_remove(&scene->kernel.tree, "var/lib/viaduct");
		assert_int_equal(fake_set_vfs(&scene->kernel, NVME, "0"), 0);
		effect_write(&scene->world.effects,
			     "sys/bus/pci/devices/" NVME "/sriov_drivers_autoprobe", "1");
	}
	assert_true(scene_unchanged(scene));
}

static void marks_the_unfinished_of_an_earlier_boot_void(void **state)
{
	struct scene *scene = *state;
	struct via_history history;

	leave_journal(scene, 5, "");
	scene_boot(scene);
	assert_int_equal(scene_recover(scene), 0);
	assert_int_equal(scene->told[VIA_STEP_VOID], 2);
	assert_true(scene_unchanged(scene));
	assert_int_equal(history_read(&scene->world.root, scene->arena, &history, NULL), 0);
	assert_int_equal(history.transactions.items[0].state, VIA_TRANSACTION_VOID);
}

static void lists_what_was_done(void **state)
{
	struct scene *scene = *state;
	struct via_history history;
	const struct via_transaction *transaction;

	assert_int_equal(history_read(&scene->world.root, scene->arena, &history, NULL), 0);
	assert_int_equal(history.transactions.count, 0);
	leave_journal(scene, 6, "");
	assert_int_equal(history_read(&scene->world.root, scene->arena, &history, NULL), 0);
	assert_int_equal(history.transactions.count, 1);
	transaction = &history.transactions.items[0];
	assert_int_equal(transaction->state, VIA_TRANSACTION_COMMITTED);
	assert_true(history_lives(&history, transaction));
	assert_string_equal(transaction->goal, "test");
	assert_int_equal(transaction->entries.count, 2);
	assert_string_equal(transaction->entries.items[1].action.identity, "1b36:0010");
	assert_string_equal(transaction->entries.items[1].read_back, "2");
}

static void is_for_its_owner_alone(void **state)
{
	struct scene *scene = *state;
	char path[512];
	struct stat status;

	leave_journal(scene, 6, "");
	snprintf(path, sizeof(path), "%s/var/lib/viaduct/journal", scene->kernel.tree.base);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ignores_a_torn_last_line),
		TEST(takes_a_torn_header_for_nothing_done),
		TEST(refuses_to_guess_at_damage),
		TEST(marks_the_unfinished_of_an_earlier_boot_void),
		TEST(lists_what_was_done),
		TEST(is_for_its_owner_alone),
	};

	return cmocka_run_group_tests_name("fake-journal", tests, NULL, NULL);
}
