/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files and what programs make of them: changed whole, kept, and put back to the byte. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "plan/generate.h"
#include "scene.h"

#define WORDS	  "/etc/default/grub.d/10-words.cfg"
#define OWN	  "/etc/default/grub.d/90-viaduct.cfg"
#define BLACKLIST "/etc/modprobe.d/blacklist.conf"
#define DEEP	  "/etc/initramfs-tools/scripts/init-top/viaduct"
#define CONFIG	  "boot/grub/grub.cfg"

static const char *text(const struct scene *scene, const char *path)
{
	return tree_text(&scene->kernel.tree, path + 1);
}

static bool there(const struct scene *scene, const char *path)
{
	return tree_has(&scene->kernel.tree, path + 1);
}

static const char *whole(const struct scene *scene, const char *path)
{
	return path_of("%s%s", scene->kernel.tree.base, path);
}

static void plan_three(struct scene *scene)
{
	scene_file(scene, OWN, "intel_iommu=on");
	scene_file(scene, BLACKLIST, NULL);
	scene_file(scene, DEEP, "#!/bin/sh\n");
	scene_file(scene, WORDS, "quiet splash\n");
}

static void makes_edits_and_removes(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(chmod(whole(scene, WORDS), 0640), 0);
	scene_remember(scene);
	plan_three(scene);
	assert_int_equal(scene->plan.actions.count, 4);
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene->told[VIA_STEP_DONE], 4);
	assert_string_equal(text(scene, OWN), "intel_iommu=on");
	assert_string_equal(text(scene, WORDS), "quiet splash");
	assert_false(there(scene, BLACKLIST));
	assert_true(there(scene, DEEP));
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_UNDONE], 4);
	assert_true(scene_unchanged(scene)); /* modes and time stamps included */
	assert_false(tree_has(&scene->kernel.tree, "var/lib/viaduct/journal/000001"));
}

static void outlives_a_boot(void **state)
{
	struct scene *scene = *state;

	plan_three(scene);
	scene_add(scene, VIA_ACTION_SRIOV_AUTOPROBE, NVME, NULL, "1", "0");
	assert_int_equal(scene_apply(scene), 0);
	scene_set_boot(scene, 2);
	tree_put(&scene->kernel.tree, "sys/bus/pci/devices/" NVME "/sriov_drivers_autoprobe", "1");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_VOID], 1);
	assert_int_equal(scene->told[VIA_STEP_UNDONE], 4);
	scene_set_boot(scene, 1);
	assert_true(scene_unchanged(scene));
}

static void an_interrupted_one_outlives_a_boot_too(void **state)
{
	struct scene *scene = *state;

	plan_three(scene);
	scene->kernel.fail_path = "10-words";
	scene->kernel.fail_error = -ETIMEDOUT; /* it may still come true: nothing is undone */
	assert_int_equal(scene_apply(scene), -ETIMEDOUT);
	scene->kernel.fail_path = NULL;
	scene_set_boot(scene, 2);
	scene_clear(scene);
	scene_file(scene, OWN, "other");
	assert_int_equal(scene_apply(scene), -EBUSY);
	assert_int_equal(scene_recover(scene), 0);
	scene_set_boot(scene, 1);
	assert_true(scene_unchanged(scene));
}

static void changes_what_a_link_names(void **state)
{
	struct scene *scene = *state;

	tree_put(&scene->kernel.tree, "srv/words", "quiet");
	assert_int_equal(symlink("/srv/words", whole(scene, "/etc/default/grub.d/20.cfg")), 0);
	scene_remember(scene);
	scene_file(scene, "/etc/default/grub.d/20.cfg", "loud\n");
	assert_int_equal(scene_apply(scene), 0);
	assert_string_equal(tree_text(&scene->kernel.tree, "srv/words"), "loud");
	assert_string_equal(tree_link_name(&scene->kernel.tree, "etc/default/grub.d/20.cfg"),
			    "words");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

static int apply_file(struct scene *scene, const char *path, const char *content)
{
	scene_clear(scene);
	scene_file(scene, BLACKLIST, NULL); /* the one before it must stay as well */
	scene_file(scene, path, content);
	return scene_apply(scene);
}

static void refuses_before_anything_is_changed(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(link(whole(scene, WORDS), whole(scene, "/etc/second")), 0);
	scene_remember(scene);
	assert_int_equal(apply_file(scene, WORDS, "loud\n"), -EPERM);
	assert_non_null(strstr(scene->error.why, "2 names"));
	assert_int_equal(apply_file(scene, "/etc/../etc/x", "loud\n"), -EINVAL);
	assert_int_equal(apply_file(scene, "/proc/self/mountinfo", "loud\n"), -EINVAL);
	assert_int_equal(apply_file(scene, "/var/lib/viaduct/journal/x", "loud\n"), -EINVAL);
	assert_true(scene_unchanged(scene));
	assert_false(tree_has(&scene->kernel.tree, "var/lib/viaduct"));
}

static void keeps_attributes(void **state)
{
	struct scene *scene = *state;
	char value[8] = "";

	if (setxattr(whole(scene, WORDS), "user.label", "owner's", 7, 0) < 0)
		skip();
	tree_put(&scene->kernel.tree, "etc/gone", "x");
	assert_int_equal(setxattr(whole(scene, "/etc/gone"), "user.label", "owner's", 7, 0), 0);
	scene_file(scene, WORDS, "loud\n");
	scene_file(scene, "/etc/gone", NULL);
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(getxattr(whole(scene, WORDS), "user.label", value, sizeof(value)), 7);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(getxattr(whole(scene, WORDS), "user.label", value, sizeof(value)), 7);
	assert_int_equal(getxattr(whole(scene, "/etc/gone"), "user.label", value, sizeof(value)),
			 7);
	assert_memory_equal(value, "owner's", 7);
}

static void keeps_the_owners_edits(void **state)
{
	struct scene *scene = *state;

	tree_put(&scene->kernel.tree, "etc/default/grub", "A=\"quiet\"\n# note");
	scene_file(scene, "/etc/default/grub", "A=\"quiet iommu=pt\"\n# note\n");
	assert_int_equal(scene_apply(scene), 0);
	tree_put(&scene->kernel.tree, "etc/default/grub",
		 "A=\"quiet iommu=pt loud\"\n# my note\nB=1");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_MERGED], 1);
	assert_string_equal(text(scene, "/etc/default/grub"), "A=\"quiet loud\"\n# my note\nB=1");
	assert_int_equal(scene_rollback(scene, 1), -EALREADY);
}

/* Of a kernel that was installed between: its entry was made from the line with our words. */
static void tells_which_entries_keep_our_words(void **state)
{
	struct scene *scene = *state;
	struct fake_tree *tree = &scene->kernel.tree;

	tree_put(tree, "boot/loader/entries/a-6.1.conf", "title A\noptions root=x quiet");
	tree_put(tree, "boot/loader/entries/a-6.2.conf", "title B\noptions root=x quiet");
	tree_put(tree, "etc/kernel/cmdline", "root=x quiet");
	scene_remember(scene);
	scene_file(scene, "/boot/loader/entries/a-6.1.conf",
		   "title A\noptions root=x quiet iommu=pt\n");
	scene_file(scene, "/etc/kernel/cmdline", "root=x quiet iommu=pt\n");
	assert_int_equal(scene_apply(scene), 0);
	scene->details = NULL;
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_null(scene->details);
	assert_true(scene_unchanged(scene));
	assert_int_equal(scene_apply(scene), 0);
	tree_put(tree, "boot/loader/entries/a-6.3.conf",
		 "title C\noptions root=x quiet iommu=pt nomodeset");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_non_null(strstr(scene->details, "/boot/loader/entries/a-6.3.conf has iommu=pt as "
					       "well"));
	assert_null(strstr(scene->details, "a-6.2"));
	assert_string_equal(tree_text(tree, "boot/loader/entries/a-6.3.conf"),
			    "title C\noptions root=x quiet iommu=pt nomodeset");
}

static void stops_where_the_owner_changed_the_same(void **state)
{
	struct scene *scene = *state;

	plan_three(scene);
	assert_int_equal(scene_apply(scene), 0);
	tree_put(&scene->kernel.tree, &WORDS[1], "quiet splash=off");
	scene_remember(scene);
	assert_int_equal(scene_rollback(scene, 0), -ESTALE);
	assert_int_equal(scene->told[VIA_STEP_OTHERS], 1);
	assert_int_equal(scene->told[VIA_STEP_UNDONE], 0);
	assert_non_null(strstr(scene->details, "-quiet\n+quiet splash\n"));
	assert_non_null(strstr(scene->details, "-quiet splash\n+quiet splash=off\n"));
	assert_true(scene_unchanged(scene));
}

static void undoes_the_later_edit_of_a_file_first(void **state)
{
	struct scene *scene = *state;

	scene_file(scene, WORDS, "one\n");
	assert_int_equal(scene_apply(scene), 0);
	scene_clear(scene);
	scene_file(scene, WORDS, "two\n");
	assert_int_equal(scene_apply(scene), 0);
	assert_int_equal(scene_rollback(scene, 1), -EBUSY);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

static void generates_and_reads_back(void **state)
{
	struct scene *scene = *state;

	scene_file(scene, OWN, "intel_iommu=on\n");
	plan_generate(&scene->plan, "update-grub", "cmdline+intel_iommu=on cmdline+quiet", "test");
	assert_int_equal(scene_apply(scene), 0);
	assert_non_null(strstr(tree_text(&scene->kernel.tree, CONFIG), "quiet intel_iommu=on"));
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene)); /* what was made as well, its time stamp included */
}

static void plan_image(struct scene *scene)
{
	scene_file(scene, "/etc/modprobe.d/viaduct.conf", "softdep nvme pre: vfio-pci\n");
	plan_generate(&scene->plan, "update-initramfs -u -k all", "", "test");
}

static void puts_in_place_what_was_made_aside(void **state)
{
	struct scene *scene = *state;

	plan_image(scene);
	assert_int_equal(scene_apply(scene), 0);
	assert_non_null(strstr(tree_text(&scene->kernel.tree, "boot/initrd.img"), "softdep nvme"));
	assert_true(tree_has(&scene->kernel.tree, "boot/new/entry.conf"));
	assert_false(tree_has(&scene->kernel.tree, "boot/initrd.img.bak"));
	assert_false(tree_has(&scene->kernel.tree, "var/lib/viaduct/stage"));
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

/* Somebody ran it meanwhile: theirs is not put back over, it is made anew without our words. */
static void makes_anew_what_was_made_anew_since(void **state)
{
	struct scene *scene = *state;

	plan_image(scene);
	assert_int_equal(scene_apply(scene), 0);
	tree_put(&scene->kernel.tree, "boot/initrd.img", "image of a newer kernel with softdep");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_LEFT], 1);
	assert_null(strstr(tree_text(&scene->kernel.tree, "boot/initrd.img"), "softdep"));
}

static void makes_anew_for_a_kernel_that_came_since(void **state)
{
	struct scene *scene = *state;

	plan_image(scene);
	assert_int_equal(scene_apply(scene), 0);
	tree_directory(&scene->kernel.tree, "lib/modules/6.13.0-fake");
	tree_remove(&scene->kernel.tree, "boot/new");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(tree_has(&scene->kernel.tree, "boot/new/entry.conf")); /* it ran */
}

static void changes_nothing_where_a_program_fails(void **state)
{
	struct scene *scene = *state;

	plan_image(scene);
	scene->kernel.fail_path = "update-initramfs";
	scene->kernel.fail_error = -EIO;
	assert_int_equal(scene_apply(scene), -EIO);
	assert_string_equal(scene->details, "told to fail\n");
	assert_true(scene_unchanged(scene));
}

static void takes_back_what_was_not_generated(void **state)
{
	struct scene *scene = *state;

	scene_file(scene, OWN, "intel_iommu=on\n");
	plan_generate(&scene->plan, "update-grub", "cmdline+amd_iommu=on", "test");
	assert_int_equal(scene_apply(scene), -EIO);
	assert_non_null(strstr(scene->error.why, "reads back \"cmdline-amd_iommu=on\""));
	assert_false(there(scene, OWN));
	scene_clear(scene);
	memset(scene->told, 0, sizeof(scene->told));
	scene_file(scene, OWN, "intel_iommu=on\n");
	plan_generate(&scene->plan, "no-such-program", "cmdline+intel_iommu=on", "test");
	assert_int_equal(scene_apply(scene), -EPERM); /* seen before anything is changed */
	assert_int_equal(scene->told[VIA_STEP_DONE], 0);
	assert_false(there(scene, OWN));
}

static void waits_for_nobody_else(void **state)
{
	struct scene *scene = *state;
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int ends[2];
	pid_t child;
	char byte;

	tree_put(&scene->kernel.tree, "var/lib/dpkg/lock-frontend", "%s", "");
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		int fd = open(whole(scene, "/var/lib/dpkg/lock-frontend"), O_RDWR);

		_exit(fcntl(fd, F_SETLK, &lock) < 0 || write(ends[1], "x", 1) != 1 || pause());
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	plan_three(scene);
	assert_int_equal(scene_apply(scene), -EBUSY);
	assert_non_null(strstr(scene->error.why, "dpkg or apt is at work"));
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	tree_put(&scene->kernel.tree, "proc/77/comm", "update-initramf");
	assert_int_equal(scene_apply(scene), -EBUSY);
	assert_non_null(strstr(scene->error.why, "process 77"));
	tree_remove(&scene->kernel.tree, "proc/77");
	assert_true(scene_unchanged(scene));
	assert_int_equal(scene_apply(scene), 0);
	tree_put(&scene->kernel.tree, "proc/77/comm", "dracut");
	assert_int_equal(scene_rollback(scene, 0), -EBUSY);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(makes_edits_and_removes),
		TEST(outlives_a_boot),
		TEST(an_interrupted_one_outlives_a_boot_too),
		TEST(changes_what_a_link_names),
		TEST(refuses_before_anything_is_changed),
		TEST(keeps_attributes),
		TEST(keeps_the_owners_edits),
		TEST(tells_which_entries_keep_our_words),
		TEST(stops_where_the_owner_changed_the_same),
		TEST(undoes_the_later_edit_of_a_file_first),
		TEST(generates_and_reads_back),
		TEST(puts_in_place_what_was_made_aside),
		TEST(makes_anew_what_was_made_anew_since),
		TEST(makes_anew_for_a_kernel_that_came_since),
		TEST(changes_nothing_where_a_program_fails),
		TEST(waits_for_nobody_else),
		TEST(takes_back_what_was_not_generated),
	};

	return cmocka_run_group_tests_name("fake-files", tests, NULL, NULL);
}
