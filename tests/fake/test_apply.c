/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "scene.h"

#define DEVICE(address, name) "sys/bus/pci/devices/" address "/" name

static const char *driver(const struct scene *scene, const char *address)
{
	return fake_driver_of(&scene->kernel.tree, address) ?: "";
}

static void plan_all(struct scene *scene)
{
	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_take(scene, GPU, "10de:2684", "nouveau");
	scene_take(scene, AUDIO, "10de:22ba", "snd_hda_intel");
	scene_take(scene, EDU, "1234:11e8", "");
	scene_nvme_vf(scene);
}

static void applies_and_rolls_back(void **state)
{
	struct scene *scene = *state;

	plan_all(scene);
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene->told[VIA_STEP_DONE], scene->plan.actions.count);
	assert_string_equal(driver(scene, GPU), "vfio-pci");
	assert_string_equal(driver(scene, VF1), "vfio-pci");
	assert_string_equal(tree_text(&scene->kernel.tree, DEVICE(NVME, ".secondary1")), "1 2 1");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_UNDONE], scene->plan.actions.count);
	assert_true(scene_unchanged(scene));
	assert_int_equal(scene_rollback(scene, 0), -ENOENT);
	assert_int_equal(scene_rollback(scene, 1), -EALREADY);
}

static void dry_run_changes_and_writes_nothing(void **state)
{
	struct scene *scene = *state;

	plan_all(scene);
	scene->options.dry_run = true;
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene->told[VIA_STEP_WOULD], scene->plan.actions.count);
	assert_true(scene_unchanged(scene));
	assert_false(tree_has(&scene->kernel.tree, "run/viaduct.lock"));
	assert_false(tree_has(&scene->kernel.tree, "var/lib/viaduct"));
}

static void dry_rollback_changes_nothing(void **state)
{
	struct scene *scene = *state;

	scene_nvme_vf(scene);
	scene->plan.actions.count = 3;
	assert_int_equal(scene_apply(scene), 0);
	scene->options.dry_run = true;
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_WOULD], 3);
	scene->options.dry_run = false;
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

static void refuses_without_effects(void **state)
{
	struct scene *scene = *state;

	plan_all(scene);
	scene->world.effects.ops = NULL;
	assert_int_equal(scene_apply(scene), -EROFS);
	assert_int_equal(scene_rollback(scene, 0), -EROFS);
	assert_int_equal(scene_recover(scene), -EROFS);
	assert_true(scene_unchanged(scene));
}

static void refuses_a_second_viaduct(void **state)
{
	struct scene *scene = *state;
	_cleanup_close_ int lock = -1;

	plan_all(scene);
	assert_int_equal(lock_take(&scene->world.root, &lock, NULL), 0);
	assert_int_equal(scene_apply(scene), -EBUSY);
	assert_non_null(
		strstr(scene->error.why, arena_printf(scene->arena, "process %d", (int)getpid())));
	assert_int_equal(scene_rollback(scene, 0), -EBUSY);
	assert_int_equal(scene_recover(scene), -EBUSY);
	assert_true(scene_unchanged(scene));
}

/* What is unexpected is met before the first change, even when it is the last action's. */
static void refuses_what_is_not_as_planned(void **state)
{
	struct scene *scene = *state;

	plan_all(scene);
	scene_add(scene, VIA_ACTION_DRIVER, IGB, "8086:10c9", "e1000e", "");
	assert_int_equal(scene_apply(scene), -ESTALE);
	assert_non_null(strstr(scene->error.why, "\"igb\""));
	assert_false(tree_has(&scene->kernel.tree, "var/lib/viaduct"));
	scene_clear(scene);
	plan_all(scene);
	scene_add(scene, VIA_ACTION_DRIVER, IGB, "8086:1521", "igb", "");
	assert_int_equal(scene_apply(scene), -ESTALE);
	assert_non_null(strstr(scene->error.why, "8086:10c9"));
	assert_false(tree_has(&scene->kernel.tree, "var/lib/viaduct"));
	assert_true(scene_unchanged(scene));
}

static int apply_one(struct scene *scene, enum via_action_kind kind, const char *target,
		     const char *expected, const char *wanted)
{
	scene_clear(scene);
	scene_add(scene, kind, target, NULL, expected, wanted);
	return scene_apply(scene);
}

static void refuses_what_cannot_be_done(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(apply_one(scene, VIA_ACTION_SRIOV_COUNT, IGB, "2", "3"), -EINVAL);
	assert_int_equal(apply_one(scene, VIA_ACTION_SRIOV_COUNT, IGB, "0", "0x2"), -EINVAL);
	assert_int_equal(apply_one(scene, VIA_ACTION_DRIVER, IGB, "igb", "vfio-pci"), -EINVAL);
	assert_int_equal(apply_one(scene, VIA_ACTION_DRIVER, IGB, "igb", "../igb"), -EINVAL);
	assert_int_equal(apply_one(scene, VIA_ACTION_DRIVER, "../x", "igb", ""), -EINVAL);
	assert_int_equal(apply_one(scene, VIA_ACTION_DRIVER, VF1, "", "nvme"), -ENODEV);
	assert_int_equal(apply_one(scene, VIA_ACTION_MODULE, "a/b", "absent", "loaded"), -EINVAL);
	assert_int_equal(apply_one(scene, VIA_ACTION_NVME_SECONDARY, VF1, "online", "offline"),
			 -EINVAL);
	assert_true(scene_unchanged(scene));
}

/* With the override set first, undoing could not give the driver back. */
static void refuses_an_order_that_has_no_way_back(void **state)
{
	struct scene *scene = *state;

	scene_add(scene, VIA_ACTION_DRIVER_OVERRIDE, GPU, NULL, "", "vfio-pci");
	scene_add(scene, VIA_ACTION_DRIVER, GPU, NULL, "nouveau", "");
	assert_int_equal(scene_apply(scene), -EINVAL);
	assert_non_null(strstr(scene->error.why, "given back"));
	assert_true(scene_unchanged(scene));
}

static void undoes_all_when_a_step_is_refused(void **state)
{
	struct scene *scene = *state;

	plan_all(scene);
	scene->kernel.fail_path = "vfio-pci/bind";
	scene->kernel.fail_error = -EBUSY;
	scene->kernel.fail_after = 3; /* the VF's, which comes last */
	assert_int_equal(scene_apply(scene), -EBUSY);
	assert_int_equal(scene->told[VIA_STEP_FAILED], 1);
	assert_non_null(strstr(scene->error.hint, "as before"));
	assert_true(scene_unchanged(scene));
	assert_int_equal(scene_recover(scene), 0);
	assert_int_equal(scene_rollback(scene, 1), -EALREADY);
}

static void plan_functions(struct scene *scene)
{
	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_take(scene, GPU, NULL, "nouveau");
	scene_take(scene, EDU, NULL, "");
	scene_take(scene, IGB, NULL, "igb");
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part))) {
		count++;
		text++;
	}
	return count;
}

/* Two unbound and one overridden; two overridden and one bound; two bound. */
static void several_functions_are_one_record_a_stage(void **state)
{
	struct scene *scene = *state;
	const char *journal;

	plan_functions(scene);
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene->told[VIA_STEP_DONE], 9);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_UNDONE], 9);
	journal = tree_text(&scene->kernel.tree, "var/lib/viaduct/journal/000001.jsonl");
	assert_int_equal(count_of(journal, "\"type\":\"intents\""), 3);
	assert_int_equal(count_of(journal, "\"type\":\"dones\""), 3);
	assert_int_equal(count_of(journal, "\"type\":\"undones\""), 3);
	assert_true(scene_unchanged(scene));
}

/* Graphics, then its sound: what the second does waits a stage. */
static void functions_of_one_card_are_let_go_in_turn(void **state)
{
	struct scene *scene = *state;
	const char *journal;

	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_take(scene, GPU, NULL, "nouveau");
	scene_take(scene, AUDIO, NULL, "snd_hda_intel");
	assert_int_equal(scene_apply(scene), 0);
	journal = tree_text(&scene->kernel.tree, "var/lib/viaduct/journal/000001.jsonl");
	assert_int_equal(count_of(journal, "\"type\":\"intents\""), 4);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

/* What failed, and what was not begun beside it, leaves the others to be taken back. */
static void undoes_all_when_one_of_several_is_refused(void **state)
{
	struct scene *scene = *state;

	plan_functions(scene);
	scene->kernel.fail_path = "vfio-pci/bind";
	scene->kernel.fail_error = -EBUSY;
	scene->kernel.fail_after = 1;
	assert_int_equal(scene_apply(scene), -EBUSY);
	assert_int_equal(scene->told[VIA_STEP_FAILED], 1);
	assert_int_equal(scene->told[VIA_STEP_ALREADY], 2); /* the refused one, and the next */
	assert_non_null(strstr(scene->error.hint, "as before"));
	assert_true(scene_unchanged(scene));
	assert_int_equal(scene_rollback(scene, 1), -EALREADY);
}

static void undoes_all_when_fewer_came_than_asked(void **state)
{
	struct scene *scene = *state;

	scene_nvme_vf(scene);
	scene->kernel.short_count = 1;
	assert_int_equal(scene_apply(scene), -EIO);
	assert_non_null(strstr(scene->error.why, "reads back \"1\""));
	assert_true(scene_unchanged(scene));
}

static void leaves_alone_what_may_still_happen(void **state)
{
	struct scene *scene = *state;

	scene_take(scene, GPU, "10de:2684", "nouveau");
	scene->kernel.fail_path = "driver/unbind";
	scene->kernel.fail_error = -ETIMEDOUT;
	assert_int_equal(scene_apply(scene), -ETIMEDOUT);
	assert_non_null(strstr(scene->error.hint, "recover"));
	scene->kernel.fail_path = NULL;
	assert_int_equal(scene_apply(scene), -EBUSY);
	assert_int_equal(fake_unbind(&scene->kernel, "nouveau", GPU), 0); /* late, it happens */
	assert_int_equal(scene_recover(scene), 0);
	assert_true(scene_unchanged(scene));
}

static void take_edu(struct scene *scene)
{
	scene_clear(scene);
	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_take(scene, EDU, "1234:11e8", "");
	assert_int_equal(scene_apply(scene), 0);
}

static void stops_where_somebody_else_changed_it(void **state)
{
	struct scene *scene = *state;
	char *then;

	scene_take(scene, GPU, "10de:2684", "nouveau");
	fake_load_module(&scene->kernel, "vfio-pci");
	assert_int_equal(scene_apply(scene), 0);
	fake_unbind(&scene->kernel, "vfio-pci", GPU);
	effect_write(&scene->world.effects, DEVICE(GPU, "driver_override"), "igb");
	fake_bind(&scene->kernel, "igb", GPU);
	then = tree_picture(&scene->kernel.tree);
	assert_int_equal(scene_rollback(scene, 0), -ESTALE);
	assert_non_null(strstr(scene->error.why, "viaduct made it \"vfio-pci\""));
	assert_non_null(strstr(scene->error.why, "now it is \"igb\""));
	free(scene->before);
	scene->before = then;
	assert_true(scene_unchanged(scene));
}

/* Two levers of a device at odds: neither may be touched before both are looked at. */
static void looks_at_all_before_undoing_any(void **state)
{
	struct scene *scene = *state;

	take_edu(scene);
	effect_write(&scene->world.effects, DEVICE(EDU, "driver_override"), "other");
	assert_int_equal(scene_rollback(scene, 0), -ESTALE);
	assert_string_equal(driver(scene, EDU), "vfio-pci");
	effect_write(&scene->world.effects, DEVICE(EDU, "driver_override"), "vfio-pci");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

static void accepts_what_is_undone_or_gone_already(void **state)
{
	struct scene *scene = *state;

	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_nvme_vf(scene);
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(fake_set_vfs(&scene->kernel, NVME, "0"), 0);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_GONE], 3);
	assert_int_equal(scene->told[VIA_STEP_ALREADY], 1);
	assert_int_equal(scene->told[VIA_STEP_UNDONE], 2);
	assert_true(scene_unchanged(scene));
}

static void keeps_a_module_that_others_use(void **state)
{
	struct scene *scene = *state;

	take_edu(scene);
	scene_clear(scene);
	scene_take(scene, GPU, NULL, "nouveau");
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene_rollback(scene, 1), 0);
	assert_int_equal(scene->told[VIA_STEP_KEPT], 1);
	assert_string_equal(driver(scene, GPU), "vfio-pci");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(fake_unload_module(&scene->kernel, "vfio-pci", NULL), 0);
	assert_true(scene_unchanged(scene));
}

static void undoes_the_later_one_first(void **state)
{
	struct scene *scene = *state;

	scene_add(scene, VIA_ACTION_SRIOV_AUTOPROBE, NVME, NULL, "1", "0");
	scene_add(scene, VIA_ACTION_SRIOV_COUNT, NVME, NULL, "0", "2");
	assert_int_equal(scene_apply(scene), 0);
	scene_clear(scene);
	scene_add(scene, VIA_ACTION_DRIVER_OVERRIDE, VF1, NULL, "", "vfio-pci");
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene_rollback(scene, 1), -EBUSY);
	assert_non_null(strstr(scene->error.hint, "rollback 2"));
	assert_int_equal(scene_rollback(scene, 2), 0);
	assert_int_equal(scene_rollback(scene, 1), 0);
	assert_true(scene_unchanged(scene));
}

static void forgets_what_died_with_a_reboot(void **state)
{
	struct scene *scene = *state;
	struct via_history history;

	scene_add(scene, VIA_ACTION_SRIOV_AUTOPROBE, NVME, NULL, "1", "0");
	assert_int_equal(scene_apply(scene), 0);
	scene_boot(scene);
	assert_int_equal(scene_rollback(scene, 0), -ENOENT);
	assert_int_equal(scene_rollback(scene, 1), 0);
	assert_int_equal(scene->told[VIA_STEP_VOID], 1);
	assert_true(scene_unchanged(scene)); /* whoever set it so in this boot keeps it */
	assert_int_equal(history_read(&scene->world.root, scene->arena, &history, NULL), 0);
	assert_int_equal(history.transactions.items[0].state, VIA_TRANSACTION_VOID);
}

static void leaves_loaded_what_was_loaded_before(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(fake_load_module(&scene->kernel, "vfio"), 0);
	scene_remember(scene);
	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene)); /* vfio is still there, irqbypass went */
}

static void remembers_the_former_driver(void **state)
{
	struct scene *scene = *state;
	struct via_former former = { 0 };

	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_take(scene, GPU, NULL, "nouveau");
	assert_int_equal(apply_former_driver(&scene->world, scene->arena, GPU, &former), -ENOENT);
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(apply_former_driver(&scene->world, scene->arena, GPU, &former), 0);
	assert_string_equal(former.driver, "nouveau");
	assert_string_equal(former.override, "");
	assert_int_equal(apply_former_driver(&scene->world, scene->arena, EDU, &former), -ENOENT);
	scene_clear(scene); /* unbound by a second transaction: still nouveau's */
	scene_add(scene, VIA_ACTION_DRIVER, GPU, NULL, "vfio-pci", "");
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(apply_former_driver(&scene->world, scene->arena, GPU, &former), 0);
	assert_string_equal(former.driver, "nouveau");
	assert_string_equal(former.override, "");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(apply_former_driver(&scene->world, scene->arena, GPU, &former), -ENOENT);
}

#define POOL  "sys/kernel/mm/hugepages/hugepages-2048kB/"
#define NODE0 "sys/devices/system/node/node0/"

static void huge_pages_come_and_go(void **state)
{
	struct scene *scene = *state;
	struct fake_tree *tree = &scene->kernel.tree;

	tree_put(tree, POOL "nr_hugepages", "2");
	tree_put(tree, NODE0 "hugepages/hugepages-2048kB/nr_hugepages", "0");
	scene_remember(scene);
	scene_add(scene, VIA_ACTION_HUGEPAGES, "2048kB", NULL, "2", "8");
	scene_add(scene, VIA_ACTION_HUGEPAGES, "2048kB@0", NULL, "0", "4");
	assert_int_equal(scene_apply(scene), 0);
	assert_string_equal(tree_text(tree, POOL "nr_hugepages"), "8");
	assert_string_equal(tree_text(tree, NODE0 "hugepages/hugepages-2048kB/nr_hugepages"), "4");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
	scene_clear(scene);
	scene_add(scene, VIA_ACTION_HUGEPAGES, "2048kB@0/..", NULL, "0", "4");
	assert_int_equal(scene_apply(scene), -EINVAL);
	scene_clear(scene);
	scene_add(scene, VIA_ACTION_HUGEPAGES, "2048kB", NULL, "1", "4");
	assert_int_equal(scene_apply(scene), -ESTALE);
}

/* @free_kib: what is left when the kernel found three of eight */
static void finds_fewer(struct scene *scene, const char *free_kib, const char *why)
{
	tree_put(&scene->kernel.tree, "proc/meminfo", "MemTotal: 9999999 kB\nMemFree:  %s kB",
		 free_kib);
	scene_remember(scene);
	assert_int_equal(scene_apply(scene), -ENOMEM);
	assert_non_null(strstr(scene->error.why, "found 3 of 8 pages: "));
	assert_non_null(strstr(scene->error.why, why));
	assert_non_null(strstr(scene->error.hint, "SIZE=N,boot; everything this run had changed"));
	assert_true(scene_unchanged(scene));
}

static void fewer_huge_pages_than_asked_for_are_no_success(void **state)
{
	struct scene *scene = *state;

	tree_put(&scene->kernel.tree, POOL "nr_hugepages", "0");
	tree_put(&scene->kernel.tree, POOL ".most", "3");
	scene_add(scene, VIA_ACTION_HUGEPAGES, "2048kB", NULL, "0", "8");
	finds_fewer(scene, "4096000", "4000 MiB are free, but in pieces smaller than a page");
	finds_fewer(scene, "8192", "no more memory is free (8 MiB left)");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scene_begin, scene_end)

static void sets_what_a_vf_is_to_have(void **state)
{
	struct scene *scene = *state;

	scene_add(scene, VIA_ACTION_SRIOV_AUTOPROBE, IGB, "8086:10c9", "1", "0");
	scene_add(scene, VIA_ACTION_ESWITCH, IGB, "8086:10c9", VIA_AS_MADE, "switchdev");
	scene_add(scene, VIA_ACTION_SRIOV_COUNT, IGB, "8086:10c9", "0", "2");
	scene_add(scene, VIA_ACTION_VF_MAC, IGB_VF, NULL, VIA_AS_MADE, "02:00:00:00:00:01");
	scene_add(scene, VIA_ACTION_VF_VLAN, IGB_VF, NULL, VIA_AS_MADE, "10 qos=3");
	scene_add(scene, VIA_ACTION_VF_SPOOFCHK, IGB_VF, NULL, VIA_AS_MADE, "on");
	scene_add(scene, VIA_ACTION_VF_MSIX, IGB_VF, NULL, VIA_AS_MADE, "4");
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene->told[VIA_STEP_DONE], 6);
	assert_int_equal(scene->told[VIA_STEP_ALREADY], 1); /* spoofchk is on from the start */
	assert_string_equal(tree_text(&scene->kernel.tree, DEVICE(IGB, ".vf0.vlan")), "10 qos=3");
	assert_string_equal(tree_text(&scene->kernel.tree, DEVICE(IGB, ".eswitch")), "switchdev");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_UNDONE], 6);
	assert_true(scene_unchanged(scene));
}

/* igb knows no minimum rate: all goes back, and the error says why. */
static void undoes_all_when_a_setting_is_refused(void **state)
{
	struct scene *scene = *state;

	scene_add(scene, VIA_ACTION_SRIOV_COUNT, IGB, "8086:10c9", "0", "1");
	scene_add(scene, VIA_ACTION_VF_RATE, IGB_VF, NULL, VIA_AS_MADE, "min=5 max=10");
	assert_int_equal(scene_apply(scene), -EINVAL);
	assert_non_null(strstr(scene->error.hint, "many know no minimum"));
	assert_non_null(strstr(scene->error.hint, "as before"));
	assert_true(scene_unchanged(scene));
	scene_clear(scene);
	scene_add(scene, VIA_ACTION_SRIOV_COUNT, NVME, "1b36:0010", "0", "1");
	scene_add(scene, VIA_ACTION_VF_MAC, VF1, NULL, VIA_AS_MADE, "02:00:00:00:00:01");
	assert_int_equal(scene_apply(scene), -EOPNOTSUPP);
	assert_true(scene_unchanged(scene));
}

static void tells_why_a_count_was_refused(void **state)
{
	struct scene *scene = *state;

	scene->kernel.fail_path = "sriov_numvfs";
	scene->kernel.fail_error = -ENOMEM;
	assert_int_equal(apply_one(scene, VIA_ACTION_SRIOV_COUNT, IGB, "0", "2"), -ENOMEM);
	assert_non_null(strstr(scene->error.why, "its driver has not what so many VFs need"));
	assert_non_null(strstr(scene->error.hint, "ask for fewer"));
	assert_true(scene_unchanged(scene));
}

static void sets_how_a_function_sleeps_and_is_reset(void **state)
{
	struct scene *scene = *state;

	scene_add(scene, VIA_ACTION_RESET_METHOD, IGB, "8086:10c9", "flr pm bus", "bus");
	scene_add(scene, VIA_ACTION_D3COLD_ALLOWED, IGB, "8086:10c9", "1", "0");
	scene_add(scene, VIA_ACTION_POWER_CONTROL, IGB, "8086:10c9", "on", "auto");
	assert_int_equal(scene_apply(scene), 0);
	assert_string_equal(tree_text(&scene->kernel.tree, DEVICE(IGB, "reset_method")), "bus");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
	assert_int_equal(apply_one(scene, VIA_ACTION_RESET_METHOD, IGB, "flr pm bus", "kick"),
			 -EINVAL);
	assert_int_equal(apply_one(scene, VIA_ACTION_POWER_CONTROL, IGB, "on", "off"), -EINVAL);
}

/* Pulled and plugged in again: its settings went with it, and are nobody else's doing. */
static void leaves_alone_what_was_plugged_in_again(void **state)
{
	struct scene *scene = *state;
	const struct fake_function edu = {
		"0000:03:00.0", "pci0000:00/0000:00:03.0", 0x1234, 0x11e8, 0x00ff00, 0, 8
	};

	scene_add(scene, VIA_ACTION_MODULE, "vfio-pci", NULL, "absent", "loaded");
	scene_take(scene, EDU, "1234:11e8", "");
	assert_int_equal(scene_apply(scene), 0);
	fake_unbind(&scene->kernel, "vfio-pci", EDU);
	tree_directory(&scene->kernel.tree, "var/keeps-the-number");
	fake_function_remove(&scene->kernel.tree, EDU);
	tree_directory(&scene->kernel.tree, "var/takes-the-number");
	fake_function_add(&scene->kernel.tree, &edu);
	tree_put(&scene->kernel.tree, DEVICE(EDU, "driver_override"), "somebody");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_GONE], 2);
	assert_string_equal(tree_text(&scene->kernel.tree, DEVICE(EDU, "driver_override")),
			    "somebody");
}

/* The PF's controller keeps the queues of its VFs, and is gone with its driver. */
static void leaves_alone_what_nobody_keeps_any_more(void **state)
{
	struct scene *scene = *state;

	scene_add(scene, VIA_ACTION_SRIOV_COUNT, NVME, "1b36:0010", "0", "1");
	assert_int_equal(scene_apply(scene), 0);
	scene_clear(scene);
	scene_add(scene, VIA_ACTION_NVME_SECONDARY, VF1, NULL, "offline queues=0 interrupts=0",
		  "online queues=2 interrupts=1");
	assert_int_equal(scene_apply(scene), 0);
	tree_remove(&scene->kernel.tree, DEVICE(NVME, "nvme"));
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_GONE], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(applies_and_rolls_back),
		TEST(dry_run_changes_and_writes_nothing),
		TEST(dry_rollback_changes_nothing),
		TEST(refuses_without_effects),
		TEST(refuses_a_second_viaduct),
		TEST(refuses_what_is_not_as_planned),
		TEST(refuses_what_cannot_be_done),
		TEST(refuses_an_order_that_has_no_way_back),
		TEST(undoes_all_when_a_step_is_refused),
		TEST(several_functions_are_one_record_a_stage),
		TEST(functions_of_one_card_are_let_go_in_turn),
		TEST(undoes_all_when_one_of_several_is_refused),
		TEST(undoes_all_when_fewer_came_than_asked),
		TEST(leaves_alone_what_may_still_happen),
		TEST(stops_where_somebody_else_changed_it),
		TEST(looks_at_all_before_undoing_any),
		TEST(accepts_what_is_undone_or_gone_already),
		TEST(keeps_a_module_that_others_use),
		TEST(undoes_the_later_one_first),
		TEST(forgets_what_died_with_a_reboot),
		TEST(leaves_loaded_what_was_loaded_before),
		TEST(remembers_the_former_driver),
		TEST(sets_what_a_vf_is_to_have),
		TEST(undoes_all_when_a_setting_is_refused),
		TEST(tells_why_a_count_was_refused),
		TEST(sets_how_a_function_sleeps_and_is_reset),
		TEST(leaves_alone_what_was_plugged_in_again),
		TEST(leaves_alone_what_nobody_keeps_any_more),
		TEST(huge_pages_come_and_go),
		TEST(fewer_huge_pages_than_asked_for_are_no_success),
	};

	return cmocka_run_group_tests_name("fake-apply", tests, NULL, NULL);
}
