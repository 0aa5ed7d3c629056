/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mediated and vDPA devices: made as planned, read back, undone exactly. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "plan/virtual.h"
#include "probe/probe.h"
#include "scene.h"

#define UUID "11111111-2222-4333-8444-555555555555"
#define MTTY "sys/devices/virtual/mtty/mtty/"

/* A running host: what is not there is absent. */
static int begin(void **state)
{
	int r = scene_begin(state);

	if (r == 0)
		((struct scene *)*state)->world.root.live = true;
	return r;
}

/* Plans on the host as it is now; @goal NULL: a removal. The strings live on in the scene's arena.
 */
static int plan_words(struct scene *scene, const struct via_goal_kind *goal, const char *word)
{
	struct via_host *host = host_new();
	const char *words[] = { word };
	int r;

	probe_pci(&scene->world.root, host);
	probe_mediated(&scene->world.root, host);
	probe_vdpa(&scene->world.root, &scene->world.queries, host);
	for (unsigned int i = 0; i < VIA_MODULES; i++)
		host->kernel.modules[i].loaded =
			root_exists(&scene->world.root, host->arena, "sys/module/%s",
				    module_kind((enum via_module_id)i)->name);
	scene_clear(scene);
	if (goal)
		r = goal->plan(host, words, 1, &scene->plan, &scene->error);
	else if (strlen(word) == 36)
		r = plan_mdev_removal(host, word, &scene->plan, &scene->error);
	else
		r = plan_vdpa_removal(host, word, &scene->plan, &scene->error);
	arena_join(scene->arena, host->arena);
	host->arena = arena_new();
	host_free(host);
	return r;
}

static void does(struct scene *scene, const struct via_goal_kind *goal, const char *word)
{
	assert_int_equal(plan_words(scene, goal, word), 0);
	assert_int_equal(scene->plan.refused.count, 0);
	assert_int_equal(scene_apply(scene), 0);
}

static bool there(const struct scene *scene, const char *path)
{
	return tree_has(&scene->kernel.tree, path);
}

static void makes_a_mediated_device(void **state)
{
	struct scene *scene = *state;

	does(scene, &goal_mdev, "mtty=mtty-2," UUID);
	assert_int_equal(scene->told[VIA_STEP_DONE], 2);
	assert_true(there(scene, "sys/bus/mdev/devices/" UUID));
	assert_string_equal(tree_text(&scene->kernel.tree,
				      MTTY "mdev_supported_types/mtty-2/available_instances"),
			    "11");
	/* once is enough, with its UUID, with its type's name, and without */
	assert_int_equal(plan_words(scene, &goal_mdev, "mtty=mtty-2," UUID), 0);
	assert_int_equal(scene->plan.actions.count + scene->plan.refused.count, 0);
	assert_int_equal(plan_words(scene, &goal_mdev, "mtty=Dual port serial"), 0);
	assert_int_equal(scene->plan.actions.count + scene->plan.refused.count, 0);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

static void removes_it_and_puts_it_back(void **state)
{
	struct scene *scene = *state;

	does(scene, &goal_mdev, "mtty=mtty-1," UUID);
	does(scene, NULL, UUID);
	assert_false(there(scene, "sys/bus/mdev/devices/" UUID));
	assert_int_equal(scene_rollback(scene, 2), 0);
	assert_true(there(scene, "sys/bus/mdev/devices/" UUID));
	assert_int_equal(scene_rollback(scene, 1), 0);
	assert_true(scene_unchanged(scene));
	assert_int_equal(plan_words(scene, NULL, UUID), -ENODEV);
}

static void keeps_a_module_that_still_serves(void **state)
{
	struct scene *scene = *state;

	does(scene, &goal_mdev, "mtty=mtty-1," UUID);
	assert_int_equal(plan_words(scene, &goal_mdev, "mtty=mtty-9"), 0);
	assert_int_equal(scene->plan.refused.count, 1);
	assert_non_null(strstr(scene->plan.refused.items[0].hint, "mtty-1, mtty-2"));
	assert_int_equal(plan_words(scene, &goal_mdev, "mtty=mtty-2," UUID), 0);
	assert_int_equal(scene->plan.refused.count, 1);
	assert_int_equal(plan_words(scene, &goal_mdev, "mtty=mtty-2,nonsense"), -EINVAL);
	assert_int_equal(plan_words(scene, &goal_mdev, "mtty"), -EINVAL);
	assert_int_equal(plan_words(scene, &goal_mdev, EDU "=mtty-1"), 0);
	assert_int_equal(scene->plan.refused.count, 1);
}

#define DEFINITION "etc/mdevctl.d/mtty/" UUID

/* By the command's plan: a device, and its definition. */
static void define(struct scene *scene, bool wanted)
{
	struct via_host *host = host_new();
	const struct via_mdev_wish wish = { .parent = "mtty", .type = "mtty-1", .uuid = UUID };

	probe_pci(&scene->world.root, host);
	probe_mediated(&scene->world.root, host);
	scene_clear(scene);
	if (wanted)
		assert_int_equal(plan_mdev_definition(host, &wish, &scene->plan, &scene->error), 0);
	else
		assert_int_equal(plan_mdev_undefinition(host, UUID, &scene->plan, &scene->error),
				 0);
	arena_join(scene->arena, host->arena);
	host->arena = arena_new();
	host_free(host);
}

static void defines_it_for_mdevctl(void **state)
{
	struct scene *scene = *state;

	define(scene, true); /* nobody would make it again */
	assert_int_equal(scene->plan.refused.count, 1);
	tree_put(&scene->kernel.tree, "usr/sbin/mdevctl", "a program");
	scene_remember(scene);
	define(scene, true);
	assert_int_equal(scene->plan.refused.count, 0);
	assert_int_equal(scene_apply(scene), 0);
	assert_true(there(scene, "sys/bus/mdev/devices/" UUID));
	assert_non_null(strstr(tree_text(&scene->kernel.tree, DEFINITION), "\"mtty-1\""));
	assert_non_null(strstr(tree_text(&scene->kernel.tree, DEFINITION), "\"auto\""));
	define(scene, true);
	assert_int_equal(scene->plan.actions.count + scene->plan.refused.count, 0);
	define(scene, false);
	assert_int_equal(scene_apply(scene), 0);
	assert_false(there(scene, DEFINITION));
	assert_int_equal(scene_rollback(scene, 2), 0);
	assert_true(there(scene, DEFINITION));
	assert_int_equal(scene_rollback(scene, 1), 0);
	assert_true(scene_unchanged(scene));
}

static void no_instance_left(void **state)
{
	struct scene *scene = *state;

	does(scene, &goal_mdev, "mtty=mtty-1," UUID);
	tree_put(&scene->kernel.tree, MTTY "mdev_supported_types/mtty-2/available_instances", "0");
	assert_int_equal(plan_words(scene, &goal_mdev, "mtty=mtty-2"), 0);
	assert_int_equal(scene->plan.refused.count, 1);
	/* and where the kernel alone knows */
	scene_clear(scene);
	scene_add(scene, VIA_ACTION_MDEV, "11111111-2222-4333-8444-666666666666", NULL, "",
		  "mtty/mtty-2");
	assert_int_equal(scene_apply(scene), -EUSERS);
	assert_int_equal(scene_rollback(scene, 1), 0);
	assert_true(scene_unchanged(scene));
}

static void makes_a_vgpu(void **state)
{
	struct scene *scene = *state;
	const struct fake_tree *tree = &scene->kernel.tree;

	tree_put(tree, "sys/bus/pci/devices/" EDU "/nvidia/current_vgpu_type", "0");
	tree_put(tree, "sys/bus/pci/devices/" EDU "/nvidia/creatable_vgpu_types",
		 "ID    : vGPU Name\n557   : NVIDIA A10-4Q\n");
	tree_link(tree, "sys/bus/pci/drivers/nvidia/" EDU, "sys/bus/pci/devices/" EDU);
	assert_int_equal(plan_words(scene, &goal_mdev, EDU "=NVIDIA A10-4Q"), 0);
	assert_int_equal(scene->plan.refused.count, 0);
	assert_int_equal(scene->plan.actions.count, 1);
	assert_int_equal(scene->plan.actions.items[0].kind, VIA_ACTION_VGPU_TYPE);
	assert_string_equal(scene->plan.actions.items[0].wanted, "557");
	assert_int_equal(plan_words(scene, &goal_mdev, EDU "=nvidia-557"), 0);
	assert_int_equal(scene->plan.actions.count, 1);
	tree_put(tree, "sys/bus/pci/devices/" EDU "/nvidia/current_vgpu_type", "557");
	assert_int_equal(plan_words(scene, &goal_mdev, EDU "=nvidia-557"), 0);
	assert_int_equal(scene->plan.actions.count + scene->plan.refused.count, 0);
	assert_int_equal(plan_words(scene, &goal_mdev, EDU "=558"), 0);
	assert_int_equal(scene->plan.refused.count, 1);
}

static const char *driver(const struct scene *scene)
{
	return tree_link_name(&scene->kernel.tree, "sys/bus/vdpa/devices/vdpa0/driver") ?: "";
}

static void makes_a_vdpa_device(void **state)
{
	struct scene *scene = *state;

	does(scene, &goal_vdpa,
	     "vdpasim_net=vdpa0,mac=02:00:00:00:00:07,mtu=1400,driver=vhost_vdpa");
	assert_string_equal(driver(scene), "vhost_vdpa");
	assert_string_equal(tree_text(&scene->kernel.tree, "sys/bus/vdpa/drivers_autoprobe"), "1");
	assert_int_equal(plan_words(scene, &goal_vdpa, "vdpasim_net=vdpa0,mtu=1400"), 0);
	assert_int_equal(scene->plan.actions.count + scene->plan.refused.count, 0);
	assert_int_equal(plan_words(scene, &goal_vdpa, "vdpasim_net=vdpa0,mtu=1500"), 0);
	assert_int_equal(scene->plan.refused.count, 1);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

static void rebinds_removes_and_puts_back(void **state)
{
	struct scene *scene = *state;

	does(scene, &goal_vdpa, "vdpasim_net=vdpa0,driver=virtio_vdpa");
	does(scene, &goal_vdpa, "vdpasim_net=vdpa0,driver=vhost_vdpa");
	assert_string_equal(driver(scene), "vhost_vdpa");
	does(scene, NULL, "vdpa0");
	assert_false(there(scene, "sys/bus/vdpa/devices/vdpa0"));
	/* the autoprobe of the bus would give it to the other driver */
	assert_int_equal(scene_rollback(scene, 3), 0);
	assert_string_equal(driver(scene), "vhost_vdpa");
	assert_int_equal(scene_rollback(scene, 2), 0);
	assert_string_equal(driver(scene), "virtio_vdpa");
	assert_int_equal(scene_rollback(scene, 1), 0);
	assert_true(scene_unchanged(scene));
}

/* A guest may give its card another address. */
static void takes_away_what_a_guest_set_up(void **state)
{
	struct scene *scene = *state;

	does(scene, &goal_vdpa, "vdpasim_net=vdpa0,mac=02:00:00:00:00:07");
	tree_put(&scene->kernel.tree, "sys/devices/vdpasim_net/vdpa0/.config",
		 "mac=52:54:00:12:34:56 mtu=1500 max_vqp=1 features=0x308830028");
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_true(scene_unchanged(scene));
}

static void leaves_no_simulator_with_devices(void **state)
{
	struct scene *scene = *state;
	const struct via_vdpa_wish other = { .name = "other",
					     .bus = "",
					     .management = "vdpasim_net" };

	does(scene, &goal_vdpa, "vdpasim_net=vdpa0");
	assert_int_equal(effect_vdpa_add(&scene->world.effects, &other), 0);
	assert_int_equal(scene_rollback(scene, 0), 0);
	assert_int_equal(scene->told[VIA_STEP_KEPT], 1);
	assert_true(there(scene, "sys/bus/vdpa/devices/other"));
}

static void refuses_what_cannot_be(void **state)
{
	struct scene *scene = *state;
	static const char *const wrong[] = {
		"vdpa0",
		"=vdpa0",
		"vdpasim_net=",
		"vdpasim_net=a/b",
		"vdpasim_net=vdpa0,mac=2",
		"vdpasim_net=vdpa0,mtu=0",
		"vdpasim_net=vdpa0,mtu=70000",
		"vdpasim_net=vdpa0,x=1",
		"vdpasim_net=vdpa0,features=3",
		"vdpasim_net=vdpa0,driver=igb",
		"vdpasim_net=vdpa0,mac=02-00-00-00-00-07",
	};

	for (size_t i = 0; i < VIA_COUNT(wrong); i++)
		assert_int_equal(plan_words(scene, &goal_vdpa, wrong[i]), -EINVAL);
	assert_int_equal(plan_words(scene, &goal_vdpa, "nothing=vdpa0"), 0);
	assert_int_equal(scene->plan.refused.count, 1);
	does(scene, &goal_vdpa, "vdpasim_net=vdpa0");
	assert_int_equal(plan_words(scene, &goal_vdpa, "vdpasim_net=vdpa1,max_vqp=4"), 0);
	assert_int_equal(scene->plan.refused.count, 1);
	assert_int_equal(plan_words(scene, NULL, "vdpa1"), -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(makes_a_mediated_device, begin, scene_end),
		cmocka_unit_test_setup_teardown(removes_it_and_puts_it_back, begin, scene_end),
		cmocka_unit_test_setup_teardown(keeps_a_module_that_still_serves, begin, scene_end),
		cmocka_unit_test_setup_teardown(defines_it_for_mdevctl, begin, scene_end),
		cmocka_unit_test_setup_teardown(no_instance_left, begin, scene_end),
		cmocka_unit_test_setup_teardown(makes_a_vgpu, begin, scene_end),
		cmocka_unit_test_setup_teardown(makes_a_vdpa_device, begin, scene_end),
		cmocka_unit_test_setup_teardown(rebinds_removes_and_puts_back, begin, scene_end),
		cmocka_unit_test_setup_teardown(takes_away_what_a_guest_set_up, begin, scene_end),
		cmocka_unit_test_setup_teardown(leaves_no_simulator_with_devices, begin, scene_end),
		cmocka_unit_test_setup_teardown(refuses_what_cannot_be, begin, scene_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
