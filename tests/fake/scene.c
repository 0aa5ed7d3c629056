/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "crash.h"
#include "plan/file.h"
#include "sys/file_state.h"

static void count_report(void *context, const struct via_step_report *report)
{
	struct scene *scene = context;

	scene->told[report->outcome]++;
	if (report->details)
		scene->details = arena_strdup(scene->arena, report->details);
}

int scene_begin(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	if (!scene)
		return -1;
	fake_world_new(&scene->kernel, &scene->world);
	scene->arena = arena_new();
	scene->options = (struct via_apply_options){ .step = count_report, .context = scene };
	scene->before = tree_picture(&scene->kernel.tree);
	scene_clear(scene);
	*state = scene;
	return 0;
}

int scene_end(void **state)
{
	struct scene *scene = *state;

	fake_world_delete(&scene->kernel, &scene->world);
	arena_free(scene->arena);
	free(scene->before);
	free(scene);
	return 0;
}

void scene_clear(struct scene *scene)
{
	scene->plan = (struct via_plan){ .arena = scene->arena, .id = "0", .goal = "test" };
	memset(scene->told, 0, sizeof(scene->told));
	scene->error = (struct via_error){ 0 };
}

void scene_add(struct scene *scene, enum via_action_kind kind, const char *target,
	       const char *identity, const char *expected, const char *wanted)
{
	*via_list_add(scene->arena, &scene->plan.actions) = (struct via_action){
		.kind = kind,
		.target = target,
		.identity = identity,
		.expected = expected,
		.wanted = wanted,
	};
}

void scene_take(struct scene *scene, const char *address, const char *identity, const char *driver)
{
	if (*driver)
		scene_add(scene, VIA_ACTION_DRIVER, address, identity, driver, "");
	scene_add(scene, VIA_ACTION_DRIVER_OVERRIDE, address, identity, "", "vfio-pci");
	scene_add(scene, VIA_ACTION_DRIVER, address, identity, "", "vfio-pci");
}

void scene_nvme_vf(struct scene *scene)
{
	scene_add(scene, VIA_ACTION_SRIOV_AUTOPROBE, NVME, "1b36:0010", "1", "0");
	scene_add(scene, VIA_ACTION_SRIOV_COUNT, NVME, "1b36:0010", "0", "2");
	scene_add(scene, VIA_ACTION_NVME_SECONDARY, VF1, NULL, "offline queues=0 interrupts=0",
		  "online queues=2 interrupts=1");
	scene_take(scene, VF1, NULL, "");
}

void scene_file(struct scene *scene, const char *path, const char *content)
{
	struct via_file before = { 0 };

	root_file(&scene->world.root, scene->arena, 1 << 20, path + 1, &before);
	plan_own_file(&scene->plan, path, &before, content, "a test");
}

int scene_apply(struct scene *scene)
{
	return apply_run(&scene->world, &scene->plan, &scene->options, &scene->error);
}

int scene_rollback(struct scene *scene, unsigned int id)
{
	return apply_rollback(&scene->world, id, &scene->options, &scene->error);
}

int scene_recover(struct scene *scene)
{
	return apply_recover(&scene->world, &scene->options, &scene->error);
}

static void print_difference(const char *before, const char *after)
{
	const char *line_before = before, *line_after = after;

	for (; *before && *before == *after; before++, after++) {
		if (*before != '\n')
			continue;
		line_before = before + 1;
		line_after = after + 1;
	}
	fprintf(stderr, "# the tree differs: was \"%.*s\", is \"%.*s\"\n",
		(int)strcspn(line_before, "\n"), line_before, (int)strcspn(line_after, "\n"),
		line_after);
}

bool scene_unchanged(const struct scene *scene)
{
	char *now = tree_picture(&scene->kernel.tree);
	bool same = strcmp(now, scene->before) == 0;

	if (!same)
		print_difference(scene->before, now);
	free(now);
	return same;
}

void scene_remember(struct scene *scene)
{
	free(scene->before);
	scene->before = tree_picture(&scene->kernel.tree);
}

void scene_set_boot(struct scene *scene, int number)
{
	tree_put(&scene->kernel.tree, "proc/sys/kernel/random/boot_id",
		 "00000000-0000-4000-8000-%012d", number);
}

void scene_boot(struct scene *scene)
{
	scene_set_boot(scene, 2);
	scene_remember(scene);
}

int scene_run_until(struct scene *scene, int (*act)(struct scene *scene), unsigned long at)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		crash_at = at;
		crash_passed = 0;
		if (act(scene) == 0)
			_exit(0);
		print_message("# point %lu: %s: %s: %s (%s)\n", at, scene->error.what,
			      scene->error.where, scene->error.why, scene->error.hint);
		fflush(NULL);
		_exit(1);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return 1;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	return 0;
}
