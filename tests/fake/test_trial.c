/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A change that one boot alone tries. After each crash, what GRUB would find is the old system,
 * whole, or the change where that was to be tried; and it ends as before or as kept.
 */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "apply/confirm.h"
#include "boot/boot.h"
#include "boot/trial.h"
#include "crash.h"
#include "plan/generate.h"
#include "plan/trial.h"
#include "scene.h"

#define OWN	 "/etc/default/grub.d/90-viaduct.cfg"
#define CUSTOM	 "boot/grub/custom.cfg"
#define GRUBENV	 "boot/grub/grubenv"
#define CONFIG	 "boot/grub/grub.cfg"
#define ON_TRIAL "boot/grub/viaduct-trial.cfg"
#define KEPT	 "boot/viaduct-known-good.img"
#define OLD_LINE "BOOT_IMAGE=/boot/vmlinuz-6.12 root=/dev/sda1 ro quiet"

enum { BLOCK = 1024 };

static void put_environment(struct scene *scene, const char *variables)
{
	static const char head[] = "# GRUB Environment Block\n";
	char block[BLOCK];

	memset(block, '#', sizeof(block));
	memcpy(block, head, strlen(head));
	memcpy(block + strlen(head), variables, strlen(variables));
	tree_put_bytes(&scene->kernel.tree, GRUBENV, block, sizeof(block));
}

static bool environment_has(const struct scene *scene, const char *text)
{
	return strstr(tree_text(&scene->kernel.tree, GRUBENV), text);
}

/* A host whose GRUB reads custom.cfg, running what its menu has. */
static int begin(void **state)
{
	struct scene *scene;
	int r = scene_begin(state);

	if (r < 0)
		return r;
	scene = *state;
	tree_put(&scene->kernel.tree, "etc/grub.d/41_custom", "#!/bin/sh");
	fake_grub_config(&scene->kernel, CONFIG, " quiet");
	tree_put(&scene->kernel.tree, "proc/cmdline", OLD_LINE);
	put_environment(scene, "saved_entry=0\n");
	scene_remember(scene);
	return 0;
}

static void plan_with(struct scene *scene, void (*add)(struct scene *scene))
{
	_cleanup_host_ struct via_host *host = host_new();
	struct via_trial_wish wish = { .trial = { .id = "abc123" }, .program = "/usr/bin/viaduct" };

	scene_clear(scene);
	add(scene);
	host->kernel_release =
		root_text(&scene->world.root, host->arena, "proc/sys/kernel/osrelease");
	host->kernel.command_line = root_text(&scene->world.root, host->arena, "proc/cmdline");
	boot_look(&scene->world.root, host, false);
	boot_trial_look(&scene->world.root, host);
	plan_trial(&scene->plan, host, &wish);
	arena_join(scene->arena, host->arena); /* the plan points into it */
	host->arena = arena_new();
}

static void change(struct scene *scene)
{
	scene_file(scene, OWN, "intel_iommu=on\n");
	scene_file(scene, "/etc/modprobe.d/blacklist.conf", "# other\n");
	plan_generate(&scene->plan, "update-initramfs -u -k all", "", "test");
	plan_generate(&scene->plan, "update-grub", "cmdline+intel_iommu=on", "test");
}

static void try_it(struct scene *scene)
{
	plan_with(scene, change);
	assert_int_equal(scene->plan.refused.count, 0);
	assert_non_null(scene->plan.trial);
}

/* GRUB takes it out of the block before it starts it. */
static void boot_trial(struct scene *scene)
{
	assert_true(environment_has(scene, "next_entry=viaduct-trial\n"));
	put_environment(scene, "saved_entry=0\nnext_entry=\n");
	tree_put(&scene->kernel.tree, "proc/cmdline", "%s intel_iommu=on panic=30 %s=abc123",
		 OLD_LINE, TRIAL_WORD);
	scene_set_boot(scene, 2);
}

static void boot_old(struct scene *scene)
{
	tree_put(&scene->kernel.tree, "proc/cmdline", OLD_LINE);
	scene_set_boot(scene, 1);
}

static int keep(struct scene *scene)
{
	return apply_confirm(&scene->world, false, &scene->options, &scene->error);
}

static int take_back(struct scene *scene)
{
	return apply_trial_failed(&scene->world, "a test", &scene->options, &scene->error);
}

static int undo(struct scene *scene)
{
	return scene_rollback(scene, 0);
}

static struct via_transaction last(struct scene *scene)
{
	struct via_history history = { 0 };

	assert_int_equal(history_read(&scene->world.root, scene->arena, &history, NULL), 0);
	assert_true(history.transactions.count);
	return history.transactions.items[history.transactions.count - 1];
}

static void is_tried_and_kept(void **state)
{
	struct scene *scene = *state;
	const struct fake_tree *tree = &scene->kernel.tree;
	const char *old_image = arena_strdup(scene->arena, tree_text(tree, "boot/initrd.img"));

	try_it(scene);
	assert_int_equal(scene_apply(scene), 0);
	assert_string_equal(tree_text(tree, KEPT), old_image);
	assert_string_not_equal(tree_text(tree, "boot/initrd.img"), old_image);
	assert_non_null(strstr(tree_text(tree, CUSTOM), "root=/dev/sda1 ro quiet\n"
							"\tinitrd /" KEPT "\n}"));
	assert_non_null(strstr(tree_text(tree, ON_TRIAL),
			       "quiet intel_iommu=on panic=30 viaduct.trial=abc123\n"
			       "\tinitrd /boot/initrd.img\n}"));
	assert_true(tree_has(tree, &TRIAL_UNIT_PATH[1]));
	assert_int_equal(last(scene).trial.state, VIA_TRIAL_PENDING);
	assert_int_equal(keep(scene), -EAGAIN); /* nobody tried it yet */
	boot_trial(scene);
	assert_int_equal(keep(scene), 0);
	assert_int_equal(last(scene).trial.state, VIA_TRIAL_CONFIRMED);
	assert_false(tree_has(tree, CUSTOM));
	assert_false(tree_has(tree, ON_TRIAL));
	assert_false(tree_has(tree, KEPT));
	assert_false(tree_has(tree, "etc/systemd/system"));
	assert_false(environment_has(scene, "next_entry"));
	assert_true(tree_has(tree, &OWN[1]));
	assert_non_null(strstr(tree_text(tree, CONFIG), "intel_iommu=on"));
	assert_int_equal(keep(scene), -ENOENT);
	boot_old(scene);
	assert_int_equal(undo(scene), 0);
	assert_true(scene_unchanged(scene));
}

static void is_taken_back_when_it_failed(void **state)
{
	struct scene *scene = *state;

	try_it(scene);
	assert_int_equal(scene_apply(scene), 0);
	boot_trial(scene);
	assert_int_equal(take_back(scene), 0);
	assert_int_equal(last(scene).state, VIA_TRANSACTION_ROLLED_BACK);
	assert_int_equal(last(scene).trial.state, VIA_TRIAL_FAILED);
	assert_string_equal(last(scene).trial.why, "a test");
	assert_int_equal(take_back(scene), -ENOENT);
	boot_old(scene);
	assert_true(scene_unchanged(scene));
}

static void is_taken_back_before_its_boot(void **state)
{
	struct scene *scene = *state;

	try_it(scene);
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(undo(scene), 0);
	assert_true(scene_unchanged(scene));
	assert_int_equal(last(scene).trial.state, VIA_TRIAL_FAILED);
}

static void lets_nothing_else_in_meanwhile(void **state)
{
	struct scene *scene = *state;

	try_it(scene);
	assert_int_equal(scene_apply(scene), 0);
	scene_clear(scene);
	scene_file(scene, "/etc/modprobe.d/more.conf", "x\n");
	assert_int_equal(scene_apply(scene), -EBUSY);
	assert_non_null(strstr(scene->error.why, "is on trial"));
	scene_clear(scene); /* what dies with this boot is no part of it */
	scene_add(scene, VIA_ACTION_SRIOV_AUTOPROBE, NVME, NULL, "1", "0");
	assert_int_equal(scene_apply(scene), 0);
}

static void what_was_done_to_its_own_files_is_no_obstacle(void **state)
{
	struct scene *scene = *state;
	const struct fake_tree *tree = &scene->kernel.tree;

	tree_put(tree, CUSTOM, "# the owner's\nset color=red");
	scene_remember(scene);
	try_it(scene);
	assert_int_equal(scene_apply(scene), 0);
	assert_non_null(strstr(tree_text(tree, CUSTOM), "set color=red\n# viaduct: while"));
	tree_put(tree, ON_TRIAL, "menuentry 'edited' { }");
	put_environment(scene, "saved_entry=0\nnext_entry=another\n");
	assert_int_equal(undo(scene), 0);
	assert_false(tree_has(tree, ON_TRIAL));
	assert_true(environment_has(scene, "next_entry=another")); /* its owner's wish */
	put_environment(scene, "saved_entry=0\n");
	assert_string_equal(tree_text(tree, CUSTOM), "# the owner's\nset color=red");
}

#define ENTRIES	 "boot/efi/loader/entries"
#define VARIABLE "sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

static void put_variable(struct scene *scene, const char *name, const char *text)
{
	uint8_t bytes[256] = { 7 };

	for (size_t i = 0; i < strlen(text); i++)
		bytes[4 + 2 * i] = (uint8_t)text[i];
	tree_put_bytes(&scene->kernel.tree, path_of(VARIABLE, name), bytes, 6 + 2 * strlen(text));
}

/* A host that systemd-boot started, by an entry that kernel-install wrote. */
static void become_systemd_boot(struct scene *scene)
{
	static const uint8_t features[12] = { 6, [4] = 0x1f };
	const struct fake_tree *tree = &scene->kernel.tree;

	tree_remove(tree, "boot/grub");
	put_variable(scene, "LoaderInfo", "systemd-boot 252");
	put_variable(scene, "LoaderEntrySelected", "m-6.12.conf");
	tree_put_bytes(tree, path_of(VARIABLE, "LoaderFeatures"), features, sizeof(features));
	tree_put(tree, "boot/efi/loader/loader.conf", "timeout 1");
	tree_put(tree, ENTRIES "/m-6.12.conf",
		 "# Boot Loader Specification type#1 entry\ntitle Debian\nversion 6.12\n"
		 "sort-key debian\noptions root=/dev/sda1 ro quiet\nlinux /m/6.12/linux\n"
		 "initrd /m/6.12/initrd.img");
	tree_put(tree, "boot/efi/m/6.12/linux", "kernel");
	tree_put(tree, "boot/efi/m/6.12/initrd.img", "image");
	tree_put(tree, "proc/cmdline", "initrd=\\m\\6.12\\initrd.img root=/dev/sda1 ro quiet");
	scene_remember(scene);
}

static void edit_entry(struct scene *scene)
{
	scene_file(scene, "/" ENTRIES "/m-6.12.conf",
		   "title Debian\nversion 6.12\noptions root=/dev/sda1 ro quiet more\n"
		   "linux /m/6.12/linux\ninitrd /m/6.12/initrd.img\n");
}

static void systemd_boot_starts_it_once(void **state)
{
	struct scene *scene = *state;
	const struct fake_tree *tree = &scene->kernel.tree;

	become_systemd_boot(scene);
	plan_with(scene, edit_entry);
	assert_int_equal(scene->plan.refused.count, 0);
	assert_int_equal(scene_apply(scene), 0);
	assert_string_equal(tree_text(tree, ENTRIES "/viaduct-known-good.conf"),
			    "# made by viaduct\ntitle As it was before the change (viaduct)\n"
			    "version 6.12\noptions root=/dev/sda1 ro quiet\nlinux /m/6.12/linux\n"
			    "initrd /m/6.12/viaduct-known-good.img");
	assert_string_equal(tree_text(tree, "boot/efi/m/6.12/viaduct-known-good.img"), "image");
	assert_non_null(strstr(tree_text(tree, ENTRIES "/viaduct-trial.conf"),
			       "quiet more\nlinux /m/6.12/linux\ninitrd /m/6.12/initrd.img\n"
			       "options panic=30 viaduct.trial=abc123"));
	assert_true(tree_has(tree, path_of(VARIABLE, "LoaderEntryDefault")));
	tree_remove(tree, path_of(VARIABLE, "LoaderEntryOneShot")); /* as the loader does */
	tree_put(tree, "proc/cmdline", "root=/dev/sda1 ro quiet more panic=30 %s=abc123",
		 TRIAL_WORD);
	scene_set_boot(scene, 2);
	assert_int_equal(keep(scene), 0);
	assert_false(tree_has(tree, path_of(VARIABLE, "LoaderEntryDefault")));
	assert_false(tree_has(tree, ENTRIES "/viaduct-known-good.conf"));
	assert_int_equal(undo(scene), 0);
	tree_put(tree, "proc/cmdline", "initrd=\\m\\6.12\\initrd.img root=/dev/sda1 ro quiet");
	scene_set_boot(scene, 1);
	assert_true(scene_unchanged(scene));
}

static void systemd_boot_refuses(void **state)
{
	struct scene *scene = *state;

	become_systemd_boot(scene);
	put_variable(scene, "LoaderEntryDefault", "other.conf");
	plan_with(scene, edit_entry);
	assert_non_null(strstr(scene->plan.refused.items[0].why, "other.conf"));
	tree_remove(&scene->kernel.tree, path_of(VARIABLE, "LoaderEntryDefault"));
	tree_remove(&scene->kernel.tree, path_of(VARIABLE, "LoaderFeatures"));
	plan_with(scene, edit_entry);
	assert_non_null(strstr(scene->plan.refused.items[0].why, "LoaderFeatures"));
}

/* What the loader renames at each start is nothing to rest on. */
static void entries_that_are_counted(void **state)
{
	static const char *const counted[] = { "m-6.12+2-1.conf", "m-6.12+3.conf" };
	struct scene *scene = *state;
	const struct fake_tree *tree = &scene->kernel.tree;
	const char *text;

	become_systemd_boot(scene);
	text = arena_strdup(scene->arena, tree_text(tree, ENTRIES "/m-6.12.conf"));
	tree_remove(tree, ENTRIES "/m-6.12.conf");
	for (size_t i = 0; i < VIA_COUNT(counted); i++) {
		const char *path = arena_strdup(scene->arena, path_of(ENTRIES "/%s", counted[i]));

		tree_put(tree, path, "%s", text);
		plan_with(scene, edit_entry);
		assert_int_equal(scene->plan.refused.count, 1);
		assert_non_null(strstr(scene->plan.refused.items[0].why, counted[i]));
		assert_non_null(strstr(scene->plan.refused.items[0].why, "boot counting"));
		assert_non_null(strstr(scene->plan.refused.items[0].hint, "systemd-bless-boot"));
		tree_remove(tree, path);
	}
	/* Found good, it has its plain name again. */
	tree_put(tree, ENTRIES "/m-6.12.conf", "%s", text);
	plan_with(scene, edit_entry);
	assert_int_equal(scene->plan.refused.count, 0);
}

static const char *risk_of_hangs(struct scene *scene)
{
	plan_with(scene, change);
	return scene->plan.risks.items[0];
}

static void what_ends_a_hang_is_told(void **state)
{
	struct scene *scene = *state;
	const struct fake_tree *tree = &scene->kernel.tree;

	assert_non_null(strstr(risk_of_hangs(scene), "could not be told"));
	tree_directory(tree, "sys/class/watchdog");
	assert_non_null(strstr(risk_of_hangs(scene), "this host has no watchdog device"));
	tree_put(tree, "sys/class/watchdog/watchdog0/identity", "iTCO_wdt");
	tree_put(tree, "sys/class/watchdog/watchdog0/state", "inactive");
	assert_non_null(strstr(risk_of_hangs(scene), "(iTCO_wdt) counts from when systemd runs, "
						     "with RuntimeWatchdogSec=3min"));
	tree_put(tree, "sys/class/watchdog/watchdog0/state", "active");
	assert_non_null(strstr(risk_of_hangs(scene), "(iTCO_wdt) is in use"));
}

static void live_only(struct scene *scene)
{
	scene_add(scene, VIA_ACTION_SRIOV_AUTOPROBE, NVME, NULL, "1", "0");
}

static void refusals(void **state)
{
	struct scene *scene = *state;
	const struct fake_tree *tree = &scene->kernel.tree;

	plan_with(scene, live_only);
	assert_int_equal(scene->plan.actions.count + scene->plan.refused.count, 0);

	put_environment(scene, "next_entry=other\n");
	plan_with(scene, change);
	assert_non_null(strstr(scene->plan.refused.items[0].why, "started once already"));
	put_environment(scene, "saved_entry=0\n");

	tree_put(tree, "proc/cmdline", OLD_LINE " edited");
	plan_with(scene, change);
	assert_non_null(strstr(scene->plan.refused.items[0].why, "no entry of GRUB's menu"));
	tree_put(tree, "proc/cmdline", OLD_LINE);

	tree_put(tree, "proc/self/mountinfo", "22 1 254:2 / / rw - btrfs /dev/vda2 rw");
	plan_with(scene, change);
	assert_non_null(strstr(scene->plan.refused.items[0].why, "environment block on btrfs"));
	tree_put(tree, "proc/self/mountinfo", "22 1 254:2 / / rw - ext4 /dev/mapper/vg-root rw");
	plan_with(scene, change);
	assert_non_null(strstr(scene->plan.refused.items[0].why, "/dev/mapper"));
	tree_put(tree, "proc/self/mountinfo", "22 1 254:2 / / rw - ext4 /dev/vda2 rw");

	tree_remove(tree, "etc/grub.d/41_custom");
	fake_grub_config(&scene->kernel, CONFIG, " quiet");
	tree_put(tree, CONFIG,
		 "menuentry 'Linux' {\n\tlinux /boot/vmlinuz-6.12 root=/dev/sda1 ro quiet\n}");
	plan_with(scene, change);
	assert_non_null(strstr(scene->plan.refused.items[0].why, "does not read"));
}

/* What GRUB would start now: as the old menu had it, or the change where it is to be tried. */
static const char *boots(const struct scene *scene, const char *old_config, const char *old_image)
{
	const struct fake_tree *tree = &scene->kernel.tree;
	const char *custom = tree_has(tree, CUSTOM) ? tree_text(tree, CUSTOM) : "";
	bool guarded = strstr(custom, "set default=\"viaduct-known-good\"");

	if (environment_has(scene, "next_entry=viaduct-trial\n"))
		return guarded && tree_has(tree, ON_TRIAL) &&
				       strstr(tree_text(tree, ON_TRIAL), "\n}")
			       ? "change"
			       : "nothing";
	if (guarded)
		return strcmp(tree_text(tree, KEPT), old_image) == 0 ? "old" : "nothing";
	if (strcmp(tree_text(tree, CONFIG), old_config) == 0 &&
	    strcmp(tree_text(tree, "boot/initrd.img"), old_image) == 0)
		return "old";
	return strstr(tree_text(tree, CONFIG), "intel_iommu=on\n\tinitrd /boot/initrd.img\n}")
		       ? "change"
		       : "nothing";
}

struct before {
	const char *config, *image;
};

static struct before note(struct scene *scene)
{
	return (struct before){
		arena_strdup(scene->arena, tree_text(&scene->kernel.tree, CONFIG)),
		arena_strdup(scene->arena, tree_text(&scene->kernel.tree, "boot/initrd.img")),
	};
}

static void start_over(struct scene *scene)
{
	if (tree_has(&scene->kernel.tree, "var/lib/viaduct/journal/000001.jsonl") &&
	    last(scene).state == VIA_TRANSACTION_COMMITTED)
		assert_int_equal(scene_run_until(scene, undo, 0), 0);
	boot_old(scene);
	assert_true(scene_unchanged(scene));
	tree_remove(&scene->kernel.tree, "var/lib/viaduct");
}

static void dies_anywhere_while_it_is_prepared(void **state)
{
	struct scene *scene = *state;
	struct before before = note(scene);
	unsigned long at = 1, tried = 0;

	try_it(scene);
	for (; scene_run_until(scene, scene_apply, at); at++) {
		const char *next = boots(scene, before.config, before.image);

		tried += strcmp(next, "change") == 0;
		assert_string_not_equal(next, "nothing");
		scene_set_boot(scene, 2);
		assert_int_equal(scene_run_until(scene, scene_recover, 0), 0);
		start_over(scene);
	}
	print_message("# apply --trial died at %lu points, at %lu its boot would come\n", at - 1,
		      tried);
	assert_true(at > 100);
	assert_true(tried > 0 && tried < 20);
	start_over(scene);
}

static void dies_anywhere(struct scene *scene, int (*act)(struct scene *scene), const char *what,
			  const char *unless)
{
	struct before before = note(scene);
	unsigned long at = 1;

	for (bool died = true; died; at++) {
		const char *next;

		try_it(scene);
		assert_int_equal(scene_run_until(scene, scene_apply, 0), 0);
		boot_trial(scene);
		died = scene_run_until(scene, act, at);
		next = boots(scene, before.config, before.image);
		assert_string_not_equal(next, "nothing");
		if (unless)
			assert_string_not_equal(next, unless);
		assert_int_equal(scene_run_until(scene, scene_recover, 0), 0);
		if (last(scene).state == VIA_TRANSACTION_COMMITTED &&
		    last(scene).trial.state != VIA_TRIAL_CONFIRMED)
			assert_int_equal(scene_run_until(scene, act, 0), 0);
		start_over(scene);
	}
	print_message("# %s died at %lu points\n", what, at - 1);
	assert_true(at > 20);
}

static void dies_anywhere_while_it_is_kept(void **state)
{
	dies_anywhere(*state, keep, "confirm", NULL);
}

static void dies_anywhere_while_it_is_taken_back(void **state)
{
	dies_anywhere(*state, take_back, "taking back", "change");
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(is_tried_and_kept),
		SCENE_TEST(is_taken_back_when_it_failed),
		SCENE_TEST(is_taken_back_before_its_boot),
		SCENE_TEST(lets_nothing_else_in_meanwhile),
		SCENE_TEST(what_was_done_to_its_own_files_is_no_obstacle),
		SCENE_TEST(systemd_boot_starts_it_once),
		SCENE_TEST(systemd_boot_refuses),
		SCENE_TEST(entries_that_are_counted),
		SCENE_TEST(what_ends_a_hang_is_told),
		SCENE_TEST(refusals),
		SCENE_TEST(dies_anywhere_while_it_is_prepared),
		SCENE_TEST(dies_anywhere_while_it_is_kept),
		SCENE_TEST(dies_anywhere_while_it_is_taken_back),
	};

	return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
